import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type EstimateWithSe, type OrRefusal, type Refusal } from '../result.js';
import { addSums, emptySums, mean, meanVariance, type OutcomeSums } from '../sums.js';
import { attributeCodes, type AttributeCodes, type AttributeKind } from './attribute-codes.js';
import { DEPTH, KINDS, unfitDepth } from './policy-tree.js';
import { unfitArms } from './policy-value.js';
import { searchTree, type Depth, type ScoreLeaf } from './search-tree.js';
import { isSplit, passes, type AttributeLevel, type PolicyTree } from './tree.js';

/** Recipients with the same attributes, in two halves that were parted by chance (folds 0-9 and folds 10-19). */
export interface HonestCell {
  readonly attributes: readonly AttributeLevel[];
  /** By half: the outcomes of each arm. */
  readonly halves: readonly (readonly OutcomeSums[])[];
}

export interface HonestPolicy {
  /** Learnt from both halves; this is the tree to use, if any. */
  readonly tree: PolicyTree;
  /** The best single arm in both halves. */
  readonly singleArm: number;
  /**
   * Outcome per recipient under a tree minus that under the best single arm, both chosen in one half and measured in
   * the other; mean of both ways round, with the mean of their standard errors.
   */
  readonly gain: EstimateWithSe;
  /** Whether the whole interval of the gain lies above zero. */
  readonly recommended: boolean;
}

/** A smaller leaf is not trusted, neither in recipients nor in recipients with an outcome other than zero. */
const LEAST_RECIPIENTS = 500;
const LEAST_EVENTS = 50;

/**
 * Whether sending by a tree of depth 0, 1 or 2 beats the best single arm, measured in data that had no say in the
 * choice: learn in one half, compare in the other, swap, average. In a leaf the arms are compared by their means, so
 * the chance of each arm must be the same for all recipients. More of the outcome is better (negate the sums of
 * complaints). A leaf has at least 500 recipients and 50 events in a half. Refuses `invalid_input`, `empty_arm` and
 * `too_few`. Athey & Imbens (2016), PNAS 113; Athey & Wager (2021), Econometrica 89.
 */
export function honestPolicy(
  cells: readonly HonestCell[],
  depth: Depth,
  level: number,
  kinds: readonly AttributeKind[] = [],
): OrRefusal<HonestPolicy> {
  const unfit = impossibleLevel(level) ?? unfitDepth(depth) ?? unfitCells(cells);
  if (unfit) return unfit;
  const attributes = attributeCodes(cells, kinds);
  if (isRefusal(attributes)) return attributes;
  const halves = [0, 1].map((half) => cells.map((cell) => cell.halves[half] ?? []));
  const both = cells.map(({ halves: [one = [], two = []] }) => merge([one, two]));
  const [first, second, final] = [...halves, both].map((arms) => learn(attributes, arms, depth));
  if (!first || !second || !final) {
    return refuse('too_few', 'Each half needs at least 500 recipients and 50 events.');
  }
  const gains = [gainOf(cells, halves[1] ?? [], first), gainOf(cells, halves[0] ?? [], second)];
  const [one, two] = gains;
  if (!one || !two)
    return refuse('too_few', 'A leaf has fewer than two recipients of an arm in the other half.');
  const value = (one.value + two.value) / 2;
  // What one half measures has chosen the tree of the other, so the two gains may go together: their errors add up.
  const se = (Math.sqrt(one.variance) + Math.sqrt(two.variance)) / 2;
  const half = normal.isf((1 - level) / 2) * se;
  const interval = { lower: value - half, upper: value + half, level };
  return {
    tree: final.tree,
    singleArm: final.single,
    gain: { value, se, interval },
    recommended: interval.lower > 0,
  };
}

interface Learnt {
  readonly tree: PolicyTree;
  /** The best arm for everybody. */
  readonly single: number;
}

function learn(
  attributes: AttributeCodes,
  cells: readonly (readonly OutcomeSums[])[],
  depth: Depth,
): Learnt | undefined {
  const sums = cells.map((arms) => {
    const events = arms.reduce((sum, { nonZero }) => sum + nonZero, 0n);
    return Float64Array.from([events, ...arms.flatMap(({ n, sum }) => [n, sum])], Number);
  });
  const single = searchTree({ attributes, sums, score: scoreByMeans }, 0);
  const best = searchTree({ attributes, sums, score: scoreByMeans }, depth);
  return best && single && !isSplit(single.tree) ? { tree: best.tree, single: single.tree.arm } : undefined;
}

/** Sums: the events and, for each arm, recipients and sum of outcomes. An arm without recipients is not chosen. */
const scoreByMeans: ScoreLeaf = (sums) => {
  let recipients = 0;
  let best: { arm: number; mean: number } | undefined;
  for (let arm = 0; 2 * arm + 2 < sums.length; arm += 1) {
    const n = sums[2 * arm + 1] ?? 0;
    const mean = (sums[2 * arm + 2] ?? 0) / n;
    recipients += n;
    if (n > 0 && (!best || mean > best.mean)) best = { arm, mean };
  }
  if (!best || recipients < LEAST_RECIPIENTS || (sums[0] ?? 0) < LEAST_EVENTS) return undefined;
  return { arm: best.arm, value: recipients * best.mean };
};

/**
 * What the tree gains over its own half's best single arm in the other half; undefined where a mean has no variance.
 */
function gainOf(
  cells: readonly HonestCell[],
  outcomes: readonly (readonly OutcomeSums[])[],
  { tree, single }: Learnt,
): { value: number; variance: number } | undefined {
  const leaves = leavesOf(
    tree,
    cells.map((cell, i) => ({ attributes: cell.attributes, arms: outcomes[i] ?? [] })),
  );
  const sizes = leaves.map(({ arms }) => Number(arms.reduce((sum, { n }) => sum + n, 0n)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const parts = leaves.map(({ arm, arms }, i) => {
    const [chosen, other] = [arms[arm] ?? emptySums, arms[single] ?? emptySums];
    if (arm === single) return { share: (sizes[i] ?? 0) / total, value: 0, variance: 0 };
    if (chosen.n < 2n || other.n < 2n) return undefined;
    const value = mean(chosen) - mean(other);
    return { share: (sizes[i] ?? 0) / total, value, variance: meanVariance(chosen) + meanVariance(other) };
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  const value = known.reduce((sum, part) => sum + part.share * part.value, 0);
  const within = known.reduce((sum, part) => sum + part.share ** 2 * part.variance, 0);
  const between = known.reduce((sum, part) => sum + part.share * (part.value - value) ** 2, 0);
  return { value, variance: within + between / total };
}

interface Group {
  readonly attributes: readonly AttributeLevel[];
  readonly arms: readonly OutcomeSums[];
}

/** The leaves of a tree with the arm they choose and the outcomes of everybody in them. */
function leavesOf(
  tree: PolicyTree,
  groups: readonly Group[],
): { arm: number; arms: readonly OutcomeSums[] }[] {
  if (!isSplit(tree)) return [{ arm: tree.arm, arms: merge(groups.map(({ arms }) => arms)) }];
  const goesYes = ({ attributes }: Group) => passes(tree, attributes[tree.attribute] ?? '');
  const yes = groups.filter(goesYes);
  const no = groups.filter((group) => !goesYes(group));
  return [...leavesOf(tree.yes, yes), ...leavesOf(tree.no, no)];
}

/** The sums of several groups, arm by arm. */
function merge(groups: readonly (readonly OutcomeSums[])[]): OutcomeSums[] {
  const [first = []] = groups;
  return first.map((_, arm) => groups.reduce((sum, arms) => addSums(sum, arms[arm] ?? emptySums), emptySums));
}

function unfitCells(cells: readonly HonestCell[]): Refusal | undefined {
  const arms = cells[0]?.halves[0]?.length ?? 0;
  if (arms < 2) return refuse('too_few', 'A policy needs at least one cell and two arms.');
  for (const { halves } of cells) {
    if (halves.length !== 2 || !halves.every((half) => half.length === arms)) {
      return refuse('invalid_input', 'Every cell needs two halves, and in both of them the same arms.');
    }
    const unfit = unfitArms(halves.flat());
    if (unfit) return unfit;
  }
  const everybody = merge(cells.flatMap(({ halves }) => halves));
  return everybody.every(({ n }) => n > 0n) ? undefined : refuse('empty_arm', 'An arm has no recipients.');
}

export const honestPolicyMethod = {
  id: 'policy.honest_tree',
  title: 'Gain of a policy tree over the best single arm',
  needs: ['n', 'nonZero', 'sum', 'sumSquares'],
  parameters: [DEPTH, LEVEL, KINDS],
  reference: 'Athey & Imbens (2016); Athey & Wager (2021)',
  compute: honestPolicy,
} as const satisfies Method;
