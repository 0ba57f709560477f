import type { SlotValues } from '../../experiments/experiment.js';
import type { Condition, Scalar } from '../../profiles/conditions/condition.js';
import type { Custody } from '../custody.js';

/** A part of a decision tree: a question with its answers, or the content at the end. */
export type Node = Fork | Switch | LeafNode;

export interface Fork {
  readonly if: Condition;
  readonly then: Node;
  readonly else: Node;
}

/** Goes by the value of one trait. */
export interface Switch {
  readonly by: string;
  readonly cases: readonly Case[];
  /** For who has no such trait, or a value that no case names. */
  readonly else: Node;
}

export interface Case {
  readonly when: Match;
  readonly then: Node;
}

/** A value, one of several, or the numbers of a range. */
export type Match = Scalar | readonly Scalar[] | Range;

/** Half-open: `from` belongs to it, `below` does not. Without `from` there is no smallest number, without `below` no largest. */
export interface Range {
  readonly from?: number | undefined;
  readonly below?: number | undefined;
}

export interface LeafNode {
  readonly leaf: string;
  readonly slots: SlotValues;
}

export interface TreeState extends Custody {
  readonly kind: 'tree';
  readonly root: Node;
}

export function isRange(match: Match): match is Range {
  return typeof match === 'object' && !Array.isArray(match);
}

/** The values that a match names one by one. */
export function valuesOf(match: Match): readonly Scalar[] {
  if (isRange(match)) return [];
  return typeof match === 'object' ? match : [match];
}

export function isInRange(value: number, { from = -Infinity, below = Infinity }: Range): boolean {
  return value >= from && value < below;
}

/** A node inside another one, with the way to it. */
export type Inner = readonly [path: readonly PropertyKey[], node: Node];

/** The nodes directly inside one, in the order they are written. */
export function innerNodes(node: Node): Inner[] {
  if ('leaf' in node) return [];
  if ('if' in node) return [[['then'], node.then], [['else'], node.else]]; // prettier-ignore
  const cases = node.cases.map(({ then }, i): Inner => [['cases', i, 'then'], then]);
  return [...cases, [['else'], node.else]];
}

/** Every leaf of a tree, in the order they are written. */
export function leafNodesOf(node: Node): LeafNode[] {
  return 'leaf' in node ? [node] : innerNodes(node).flatMap(([, inner]) => leafNodesOf(inner));
}

/** Every condition of a tree. */
export function conditionsOf(node: Node): Condition[] {
  const own = 'if' in node ? [node.if] : [];
  return [...own, ...innerNodes(node).flatMap(([, inner]) => conditionsOf(inner))];
}

/** Every switch of a tree. */
export function switchesOf(node: Node): Switch[] {
  const own = 'by' in node ? [node] : [];
  return [...own, ...innerNodes(node).flatMap(([, inner]) => switchesOf(inner))];
}
