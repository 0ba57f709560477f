/**
 * A binary tree as a list of nodes, the root first. The two ways of a fork stand side by side and after it, so that no tree
 * has a cycle.
 */
export type Tree = readonly TreeNode[];

export type TreeNode = number | Fork;

/** A leaf is its value. */
export interface Fork {
  /** Place in the columns of the model. */
  readonly column: number;
  /** Numbers up to this go the first way; or these categories go the way that what is missing does not go. */
  readonly cut: number | readonly number[];
  /** Place of the first way; the second is the next. */
  readonly first: number;
  /** Which way goes what is missing, and every category that is not in the cut: 0 the first, 1 the second. */
  readonly missing: 0 | 1;
}
