import type { Problem } from '../experiments/read-with.js';
import { type Place, parseYaml } from '../files/parse-yaml.js';
import { type ParsedStrategy, parseStrategy } from './register-strategy.js';

export interface TextProblem extends Problem, Place {}

export type ReadStrategy =
  | { readonly ok: true; readonly value: ParsedStrategy }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** A strategy out of a file of YAML or JSON; every mistake with its line, column and path. The two have the same hash. */
export function readStrategyText(text: string): ReadStrategy {
  const parsed = parseYaml(text);
  if (!parsed.ok)
    return { ok: false, problems: parsed.problems.map((problem) => ({ path: '', ...problem })) };
  const { value, placeOf } = parsed;
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') {
    const message = 'must be an object whose "kind" says which kind of strategy it is';
    return { ok: false, problems: [{ path: 'kind', message, ...placeOf('kind') }] };
  }
  const strategy = parseStrategy({ ...value, kind: value.kind });
  if (strategy.ok) return strategy;
  return {
    ok: false,
    problems: strategy.problems.map((problem) => ({ ...problem, ...placeOf(problem.path) })),
  };
}
