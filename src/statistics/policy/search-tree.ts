import type { AttributeCodes } from './attribute-codes.js';
import type { PolicyTree } from './tree.js';

/** Depth of a tree: 0 is one arm for all. */
export type Depth = 0 | 1 | 2;

/** The best arm of a leaf and what it brings, from the leaf's sums; undefined if the leaf is too small to judge. */
export type ScoreLeaf = (sums: Float64Array) => { readonly arm: number; readonly value: number } | undefined;

export interface ScoredTree {
  readonly tree: PolicyTree;
  /** Sum over the leaves. */
  readonly value: number;
}

/** What the search walks over: cells with numbered attributes, and one row of additive sums for each of them. */
export interface SearchSpace {
  readonly attributes: AttributeCodes;
  /** By cell. */
  readonly sums: readonly Float64Array[];
  readonly score: ScoreLeaf;
}

/** Sums by attribute and level, one row of columns after another. */
type Marginals = Float64Array;

/** A deeper tree must be better by more than rounding. */
const ROUNDING = 1e-12;

/**
 * The best tree of at most that depth, over every split of every attribute; the shallowest and first of equals.
 * Undefined if not even one leaf for all can be judged. The two children of a root split need only the sums by level
 * within each of its sides, so the cells are walked once per attribute and not once per pair of splits.
 */
export function searchTree(space: SearchSpace, depth: Depth): ScoredTree | undefined {
  const all = addRows(space.sums);
  let best = leaf(space, all);
  if (depth === 0) return best;
  best = better(best, bestSplit(space, marginalsOf(space, () => 0, 1)[0] ?? new Float64Array()));
  if (depth === 1) return best;
  for (const attribute of space.attributes.levels.keys()) {
    best = better(best, bestRoot(space, attribute));
  }
  return best;
}

function leaf({ score }: SearchSpace, sums: Float64Array): ScoredTree | undefined {
  const scored = score(sums);
  return scored && { tree: { arm: scored.arm }, value: scored.value };
}

function better(one: ScoredTree | undefined, two: ScoredTree | undefined): ScoredTree | undefined {
  if (!one || !two) return one ?? two;
  return two.value - one.value > ROUNDING * Math.abs(one.value) ? two : one;
}

/** The best tree whose root asks for this attribute and whose sides are split once more or not at all. */
function bestRoot(space: SearchSpace, attribute: number): ScoredTree | undefined {
  const { levels, codes } = space.attributes;
  const count = levels[attribute]?.length ?? 0;
  const byLevel = marginalsOf(space, (cell) => codes[cell]?.[attribute] ?? 0, count);
  const side = (inside: (level: number) => boolean): ScoredTree | undefined => {
    const marginals = addRows(byLevel.filter((_, level) => inside(level)));
    return better(leaf(space, totalOf(space, marginals)), bestSplit(space, marginals));
  };
  return splitsOf(space, attribute).reduce<ScoredTree | undefined>(
    (best, split) =>
      better(
        best,
        join(
          split,
          side(split.yes),
          side((level) => !split.yes(level)),
        ),
      ),
    undefined,
  );
}

/** The best single split, from the sums by attribute and level. */
function bestSplit(space: SearchSpace, marginals: Marginals): ScoredTree | undefined {
  const { levels, starts } = space.attributes;
  let best: ScoredTree | undefined;
  for (const [attribute, own] of levels.entries()) {
    const rows = own.map((_, level) => rowOf(space, marginals, (starts[attribute] ?? 0) + level));
    const side = (inside: (level: number) => boolean) =>
      leaf(space, addRows(rows.filter((_, level) => inside(level))));
    for (const split of splitsOf(space, attribute)) {
      best = better(
        best,
        join(
          split,
          side(split.yes),
          side((level) => !split.yes(level)),
        ),
      );
    }
  }
  return best;
}

interface Split {
  readonly attribute: number;
  readonly test: 'is' | 'at_most';
  readonly level: string | number;
  readonly yes: (level: number) => boolean;
}

/** All ways to part the levels of an attribute in two: one against the rest, or below against above. */
function splitsOf({ attributes: { kinds, levels } }: SearchSpace, attribute: number): Split[] {
  const own = levels[attribute] ?? [];
  const ordered = kinds[attribute] === 'ordered';
  // The last threshold parts nothing, and of two levels one split says it all.
  const useful = ordered || own.length <= 2 ? own.slice(0, -1) : own;
  return useful.map((level, i) => ({
    attribute,
    test: ordered ? 'at_most' : 'is',
    level,
    yes: ordered ? (code) => code <= i : (code) => code === i,
  }));
}

function join(split: Split, yes: ScoredTree | undefined, no: ScoredTree | undefined): ScoredTree | undefined {
  if (!yes || !no) return undefined;
  const { attribute, test, level } = split;
  return { tree: { attribute, test, level, yes: yes.tree, no: no.tree }, value: yes.value + no.value };
}

/** For each of `groups` groups of cells: the sums by attribute and level. */
function marginalsOf(
  { attributes, sums }: SearchSpace,
  groupOf: (cell: number) => number,
  groups: number,
): Marginals[] {
  const columns = sums[0]?.length ?? 0;
  const marginals = Array.from({ length: groups }, () => new Float64Array(attributes.width * columns));
  for (const [cell, row] of sums.entries()) {
    const target = marginals[groupOf(cell)] ?? new Float64Array();
    for (const [attribute, level] of (attributes.codes[cell] ?? []).entries()) {
      const offset = ((attributes.starts[attribute] ?? 0) + level) * columns;
      for (let k = 0; k < columns; k += 1) target[offset + k] = (target[offset + k] ?? 0) + (row[k] ?? 0);
    }
  }
  return marginals;
}

/** The sums of all levels of the first attribute: those of everybody. */
function totalOf(space: SearchSpace, marginals: Marginals): Float64Array {
  const first = space.attributes.levels[0] ?? [];
  return addRows(first.map((_, level) => rowOf(space, marginals, level)));
}

function rowOf({ sums }: SearchSpace, marginals: Marginals, row: number): Float64Array {
  const columns = sums[0]?.length ?? 0;
  return marginals.subarray(row * columns, (row + 1) * columns);
}

function addRows(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let k = 0; k < sum.length; k += 1) sum[k] = (sum[k] ?? 0) + (row[k] ?? 0);
  return sum;
}
