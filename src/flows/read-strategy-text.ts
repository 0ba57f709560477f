import type { Problem } from '../experiments/read-with.js';
import { type Place, parseYaml } from '../files/parse-yaml.js';
import { type ParsedStrategy, parseStrategy } from './read-strategy.js';

export interface TextProblem extends Problem, Place {}

export type ReadStrategy =
  | {
      readonly ok: true;
      readonly value: ParsedStrategy;
      /** As it was written: what is registered is made from it. */
      readonly written: { readonly kind: string };
    }
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
  const written = { ...value, kind: value.kind };
  const strategy = parseStrategy(written);
  if (strategy.ok) return { ...strategy, written };
  return {
    ok: false,
    problems: strategy.problems.map((problem) => ({ ...problem, ...placeOf(problem.path) })),
  };
}
