import type { Method, Parameter } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import { attributeCodes, type AttributeKind } from './attribute-codes.js';
import { searchTree, type Depth, type ScoreLeaf } from './search-tree.js';
import type { AttributeLevel, PolicyTree } from './tree.js';

/** Recipients with the same attributes. */
export interface RewardCell {
  readonly attributes: readonly AttributeLevel[];
  /** Recipients, or their share; at least 0. */
  readonly weight: number;
  /** Mean outcome per recipient under each arm; more is better. */
  readonly rewards: readonly number[];
}

export interface PolicyTreeResult {
  readonly tree: PolicyTree;
  /** Mean outcome per recipient under the tree, in the very data that it was chosen with: flattering. */
  readonly value: number;
}

export const KINDS: Parameter = {
  name: 'kinds',
  meaning: '`categorical` (split: one level against the rest) or `ordered` (threshold) for each attribute',
};
export const DEPTH: Parameter = {
  name: 'depth',
  meaning: 'number of splits on the way to a leaf: 0, 1 or 2',
};

/**
 * The tree of depth 0, 1 or 2 with the highest mean outcome, by exhaustive search: over one level against the rest for
 * categorical attributes and over all thresholds for ordered ones; an attribute may be asked for twice. The value is
 * that of the best tree in these data and too good to expect: see `honestPolicy`. Refuses `too_few` (no cell, no arm or
 * no weight) and `invalid_input`. Athey & Wager (2021), Econometrica 89; Zhou, Athey & Wager (2023), Operations
 * Research 71.
 */
export function policyTree(
  cells: readonly RewardCell[],
  depth: Depth,
  kinds: readonly AttributeKind[] = [],
): OrRefusal<PolicyTreeResult> {
  const unfit = unfitCells(cells) ?? unfitDepth(depth);
  if (unfit) return unfit;
  const attributes = attributeCodes(cells, kinds);
  if (isRefusal(attributes)) return attributes;
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  const sums = cells.map(({ weight, rewards }) => {
    const share = weight / total;
    return Float64Array.of(share, ...rewards.map((reward) => share * reward));
  });
  return (
    searchTree({ attributes, sums, score: bestArm }, depth) ?? refuse('too_few', 'No cell has any weight.')
  );
}

/** Sums: the share of the leaf and, for each arm, share times reward. */
const bestArm: ScoreLeaf = (sums) => {
  if (!((sums[0] ?? 0) > 0)) return undefined;
  let arm = 0;
  for (let k = 1; k < sums.length - 1; k += 1) if ((sums[k + 1] ?? 0) > (sums[arm + 1] ?? 0)) arm = k;
  return { arm, value: sums[arm + 1] ?? 0 };
};

function unfitCells(cells: readonly RewardCell[]): Refusal | undefined {
  const arms = cells[0]?.rewards.length ?? 0;
  if (arms === 0) return refuse('too_few', 'A policy needs at least one cell and one arm.');
  for (const { weight, rewards } of cells) {
    if (!(weight >= 0 && weight <= 1e300)) {
      return refuse('invalid_input', 'The weight of a cell must be a number of zero or more.');
    }
    if (rewards.length !== arms || !rewards.every((reward) => Math.abs(reward) <= 1e300)) {
      return refuse('invalid_input', 'Every cell needs a finite reward for each of the same arms.');
    }
  }
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total < Infinity)) return refuse('invalid_input', 'The weights of the cells are too large.');
  return total > 0 ? undefined : refuse('too_few', 'No cell has any weight.');
}

/** A refusal unless the depth is 0, 1 or 2. */
export function unfitDepth(depth: number): Refusal | undefined {
  if ([0, 1, 2].includes(depth)) return undefined;
  return refuse('invalid_input', 'The depth of a policy tree is 0, 1 or 2.');
}

export const policyTreeMethod = {
  id: 'policy.tree',
  title: 'Best policy tree in the data at hand',
  needs: ['n', 'sum'],
  parameters: [DEPTH, KINDS],
  reference: 'Athey & Wager (2021)',
  compute: policyTree,
} as const satisfies Method;
