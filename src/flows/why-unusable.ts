import type { Json, StrategyKind } from '../strategies/strategy.js';

/** Why a stored model cannot be used, in a sentence: cut short, or of another version of Postulate. Undefined where it can. */
export function whyUnusable(
  kind: StrategyKind<unknown>,
  definition: unknown,
  state: Json,
): string | undefined {
  try {
    kind.scores?.(definition, state);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
