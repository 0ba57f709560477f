import { type Random, seededRandom } from '../../../evaluation/random.js';
import type { CandidateScore } from '../../model-report.js';
import type { Json } from '../../strategy.js';
import type { Estimator } from '../estimator.js';
import { crossValidate } from './cross-validate.js';
import type { Folds, Refused } from './folds.js';
import type { LabelledRows } from './labelled-rows.js';
import { advantage, type Scoring } from './scoring.js';

/** Values of one setting: a list, the simplest first, or a range to draw from. */
export type Values =
  | readonly Json[]
  | {
      readonly from: number;
      readonly to: number;
      /** Whether each factor is as likely, rather than each step. */
      readonly log?: boolean;
      readonly whole?: boolean;
    };

/** By setting. What is not named keeps its default. */
export type SearchSpace = Readonly<Record<string, Values>>;

export interface SearchOptions {
  /** `grid`: every combination of the lists; otherwise so many that are drawn by chance. */
  readonly how: 'grid' | { readonly draws: number };
  /** Takes the first of the grid that is within one standard error of the best: simpler, and no worse as far as can be told. */
  readonly oneStandardError?: boolean;
}

export interface Search {
  readonly best: Json;
  /** All that was tried, in that order. */
  readonly rows: readonly CandidateScore[];
  /** How many of the settings could not be learned with. */
  readonly failed: number;
}

/** More combinations than that are not tried one by one. */
const mostCombinations = 200;

/** Cross-validates settings of one estimator on the same folds. Refuses a space that cannot be searched, or where nothing fits. */
export function searchSettings(
  estimator: Estimator<unknown>,
  space: SearchSpace,
  rows: LabelledRows,
  folds: Folds,
  seed: string,
  scoring: Scoring,
  options: SearchOptions = { how: 'grid' },
): Search | Refused {
  const { how } = options;
  const tried =
    how === 'grid' ? combinations(space) : drawn(space, how.draws, seededRandom(`${seed} search`));
  if ('refused' in tried) return tried;
  if (options.oneStandardError === true && how !== 'grid') {
    return bad('What is drawn has no simplest first, so one standard error goes with a grid.');
  }
  const scores: CandidateScore[] = [];
  let failed = 0;
  for (const settings of tried) {
    const parsed = estimator.parse(settings);
    if (!parsed.ok) {
      const [problem] = parsed.problems;
      return bad(
        `${estimator.name} takes no ${JSON.stringify(settings)}: ${problem?.path} ${problem?.message}.`,
      );
    }
    const result = crossValidate({ estimator, settings: parsed.value as Json }, rows, folds, seed, scoring);
    if ('refused' in result) failed += 1;
    else scores.push({ name: estimator.name, settings, score: result.mean, spread: result.spread });
  }
  const best = bestOf(scores, scoring, folds.count, options.oneStandardError === true);
  return best ? { best: best.settings, rows: scores, failed } : bad('No settings could be learned with.');
}

function bestOf(
  scores: readonly CandidateScore[],
  scoring: Scoring,
  folds: number,
  oneStandardError: boolean,
): CandidateScore | undefined {
  const [first, ...others] = scores;
  if (!first) return undefined;
  const best = others.reduce((a, b) => (advantage(scoring, b.score, a.score) > 0 ? b : a), first);
  if (!oneStandardError) return best;
  const error = best.spread / Math.sqrt(folds);
  return scores.find((one) => advantage(scoring, best.score, one.score) <= error);
}

function bad(reason: string): Refused {
  return { refused: true, code: 'invalid_input', reason };
}

function combinations(space: SearchSpace): { readonly [key: string]: Json }[] | Refused {
  let all: { readonly [key: string]: Json }[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    if (!isList(values)) return bad(`A grid needs a list of values for ${name}, not a range.`);
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    if (all.length > mostCombinations) {
      return bad(
        `The grid has more than ${mostCombinations} combinations: name fewer values, or draw from it.`,
      );
    }
  }
  return all.length > 0 ? all : bad('The grid is empty: name a value for each setting.');
}

function drawn(
  space: SearchSpace,
  draws: number,
  random: Random,
): { readonly [key: string]: Json }[] | Refused {
  if (!Number.isInteger(draws) || draws < 1 || draws > mostCombinations) {
    return bad(`Draws are a whole number from 1 to ${mostCombinations}, not ${draws}.`);
  }
  const empty = Object.entries(space).find(([, values]) =>
    isList(values) ? values.length === 0 : !isRange(values),
  );
  if (empty)
    return bad(`There is nothing to draw for ${empty[0]}: give values, or a range from low to high.`);
  return Array.from({ length: draws }, () =>
    Object.fromEntries(Object.entries(space).map(([name, values]) => [name, drawOne(values, random)])),
  );
}

function isList(values: Values): values is readonly Json[] {
  return Array.isArray(values);
}

function isRange(values: Exclude<Values, readonly Json[]>): boolean {
  return values.from <= values.to && (values.log !== true || values.from > 0);
}

function drawOne(values: Values, random: Random): Json {
  if (isList(values)) return values[random.below(values.length)] as Json;
  const { from, to } = values;
  const share = random.next();
  const value = values.log === true ? from * (to / from) ** share : from + share * (to - from);
  return values.whole === true ? Math.round(value) : Number(value.toPrecision(4));
}
