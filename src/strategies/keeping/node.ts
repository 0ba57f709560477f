import type { Condition, Leaf } from '../../profiles/conditions/condition.js';
import { prepareCondition } from '../../profiles/conditions/prepare-condition.js';
import { type Axes, axisKey, type AxisValue, type Test, testOf } from './axes.js';

/** A condition over axes: every comparison knows its verdict for every value of its axis. */
export type Node =
  | {
      readonly kind: 'leaf';
      /** Position in the axes. */
      readonly axis: number;
      /** 1 where the value of the axis satisfies it. */
      readonly verdicts: Uint8Array;
      readonly leaf: Leaf;
    }
  | { readonly kind: 'not'; readonly child: Node }
  | { readonly kind: 'all' | 'any'; readonly children: readonly Node[] };

/** @param axes of these conditions and perhaps of others; segments are replaced before. */
export function nodesOf(conditions: readonly Condition[], axes: Axes, clock: number): Node[] {
  const positions = new Map(axes.map(({ key }, i) => [key, i]));
  const build = (part: Condition): Node => {
    if ('all' in part) return { kind: 'all', children: part.all.map(build) };
    if ('any' in part) return { kind: 'any', children: part.any.map(build) };
    if ('not' in part) return { kind: 'not', child: build(part.not) };
    const axis = positions.get(axisKey(part));
    const values = axis === undefined ? undefined : axes[axis]?.values;
    if (axis === undefined || values === undefined) throw new Error('a comparison has no axis');
    const passes = passing(testOf(part), clock);
    return {
      kind: 'leaf',
      axis,
      leaf: part,
      verdicts: Uint8Array.from(values, (one) => (passes(one) ? 1 : 0)),
    };
  };
  return conditions.map(build);
}

/** Whether a value satisfies a comparison: the evaluator itself says so, of a trait that has the value. */
export function passing(test: Test, clock: number): (value: AxisValue) => boolean {
  const verdict = prepareCondition({ trait: 'value', ...test }, new Map());
  return (value) => verdict({ traits: value === undefined ? {} : { value }, history: [] }, clock);
}

/** The verdict where each axis has the value at the position that `at` says. */
export function verdictAt(node: Node, at: (axis: number) => number): boolean {
  switch (node.kind) {
    case 'leaf':
      return node.verdicts[at(node.axis)] === 1;
    case 'not':
      return !verdictAt(node.child, at);
    case 'all':
      return node.children.every((child) => verdictAt(child, at));
    case 'any':
      return node.children.some((child) => verdictAt(child, at));
  }
}
