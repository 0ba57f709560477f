import { churnKind } from './ml/kinds/churn.js';
import { nextBestActionKind } from './ml/kinds/next-best-action.js';
import { nextBestOfferKind } from './ml/kinds/next-best-offer.js';
import { propensityKind } from './ml/kinds/propensity.js';
import { collaborativeKind } from './cf/collaborative.js';
import { upliftKind } from './ml/kinds/uplift.js';
import { popularKind } from './popular.js';
import { rulesKind } from './rules/rules.js';
import { staticKind } from './static.js';
import type { StrategyKind } from './strategy.js';
import { treeKind } from './tree/tree.js';

/** Every kind of strategy there is. A new one is a file, a line here, and a run of the conformance suite. */
export const strategyKinds = [
  staticKind,
  rulesKind,
  treeKind,
  popularKind,
  collaborativeKind,
  propensityKind,
  churnKind,
  nextBestOfferKind,
  nextBestActionKind,
  upliftKind,
] as const;

/**
 * The kind of that name. Its state is opaque here: what a kind's own `parse` gave goes back into its `decide`.
 */
export function findKind(name: string): StrategyKind<unknown> | undefined {
  const kinds: readonly StrategyKind<unknown>[] = strategyKinds;
  return kinds.find(({ kind }) => kind === name);
}
