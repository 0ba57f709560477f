import { ArgumentError } from '../argument-error.js';

/** A value of an attribute, known before the send: `mobile`, or 3 for the third tenth of the spenders. */
export type AttributeLevel = string | number;

/** Who gets which arm, as plain data that can be stored and read again. */
export type PolicyTree = PolicyLeaf | PolicySplit;

export interface PolicyLeaf {
  /** Index of the arm. */
  readonly arm: number;
}

export interface PolicySplit {
  /** Index of the attribute that is asked for. */
  readonly attribute: number;
  /** Whether the attribute is this level, or (ordered attributes) at most this level. */
  readonly test: 'is' | 'at_most';
  readonly level: AttributeLevel;
  readonly yes: PolicyTree;
  readonly no: PolicyTree;
}

/**
 * The arm for a recipient with these attributes. A level that no recipient had when the tree was made is not the level
 * of any split, so it goes the way of `no`. Throws an `ArgumentError` if an attribute that is asked for is missing.
 */
export function decide(tree: PolicyTree, attributes: readonly AttributeLevel[]): number {
  if (!isSplit(tree)) return tree.arm;
  const value = attributes[tree.attribute];
  if (value === undefined) throw new ArgumentError('attributes', `must hold attribute ${tree.attribute}`);
  return decide(passes(tree, value) ? tree.yes : tree.no, attributes);
}

/** Whether a recipient with this value of the attribute goes the way of `yes`. */
export function passes({ test, level }: PolicySplit, value: AttributeLevel): boolean {
  return test === 'is' ? value === level : value <= level;
}

export function isSplit(tree: PolicyTree): tree is PolicySplit {
  return 'attribute' in tree;
}
