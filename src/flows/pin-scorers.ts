import type { Knex } from 'knex';
import { selectScorer } from '../database/scorers.js';
import type { InputProblem } from '../errors.js';
import type { RegisteredScorer } from '../strategies/scorers/scorer.js';
import type { ScorerAsk } from '../strategies/strategy.js';
import { kindOf } from './load-parts.js';
import type { StrategyLevel } from './pin-experiment.js';

/** The hashes of the scorers that the strategies of these levels ask, by the path of the level, and what is wrong with others. */
export async function pinScorers(
  trx: Knex,
  levels: readonly Pick<StrategyLevel, 'path' | 'version'>[],
): Promise<{ pins: ReadonlyMap<string, Readonly<Record<string, string>>>; problems: InputProblem[] }> {
  const pins = new Map<string, Record<string, string>>();
  const problems: InputProblem[] = [];
  for (const { path, version } of levels) {
    for (const ask of kindOf(version).asks?.(version.definition) ?? []) {
      const scorer = await selectScorer(trx, ask.scorer);
      const message = problemOf(ask, scorer);
      if (message !== undefined) problems.push({ path: `${path}.strategy`, message });
      else if (scorer) pins.set(path, { ...pins.get(path), [ask.scorer]: scorer.hash });
    }
  }
  return { pins, problems };
}

function problemOf({ scorer: reference, features }: ScorerAsk, scorer: RegisteredScorer | undefined) {
  if (!scorer)
    return `the strategy asks the scorer "${reference}", which is not registered: register it by POST /v1/scorers or postulate scorers register`;
  const own = scorer.definition.features;
  const missing = own.filter((name) => !features.includes(name));
  const strange = features.filter((name) => !own.includes(name));
  if (missing.length === 0 && strange.length === 0) return undefined;
  const said = [
    ...(missing.length > 0 ? [`leaves out ${missing.join(', ')}`] : []),
    ...(strange.length > 0 ? [`names ${strange.join(', ')}, which the scorer is not told`] : []),
  ];
  return `the strategy ${said.join(' and ')}: its features must be those that ${reference} was registered with, ${own.join(', ')}`;
}
