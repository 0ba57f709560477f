import type { EventClass, EventType } from '../../experiments/experiment.js';

/**
 * The one language in which rules, trees and segments say whom they mean. Plain data in its canonical form: spellings
 * such as `at_least` are for writing and are gone after parsing.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Leaf;

export type Leaf = TraitLeaf | EventLeaf | FeatureLeaf | SegmentLeaf;

export type Scalar = string | number | boolean;

export type OrderOp = 'gt' | 'gte' | 'lt' | 'lte';

/** A look at one value. An unknown one satisfies `missing` and nothing else. */
export type ValueTest =
  | { readonly op: 'exists' | 'missing' }
  | { readonly op: 'eq' | 'ne'; readonly value: Scalar }
  | { readonly op: 'in' | 'not_in'; readonly value: readonly Scalar[] }
  | { readonly op: OrderOp; readonly value: number }
  /** Both ends belong to it. */
  | { readonly op: 'between'; readonly value: readonly [number, number] }
  /** `matches`: `*` is any text, `?` any one character, and the whole value must match. */
  | { readonly op: 'contains' | 'starts_with' | 'ends_with' | 'matches'; readonly value: string };

/** A look at a trait that holds a date. `within_last` takes a window such as `30d`. */
export type DateTest = { readonly op: 'before' | 'after' | 'within_last'; readonly value: string };

export type TraitLeaf = { readonly trait: string } & (ValueTest | DateTest);

export function isDateTest<T extends { readonly op: string }>(test: T): test is T & DateTest {
  return test.op === 'before' || test.op === 'after' || test.op === 'within_last';
}

/** Something derived from the history, by its name in `features/feature.ts`. */
export type FeatureLeaf = { readonly feature: string } & ValueTest;

/** Whether the recipient is in a segment, `name@version`. */
export interface SegmentLeaf {
  readonly segment: string;
}

/** `item`, `category`, `value` (major units of the event's own currency), `currency`, `order`, or a name in its properties. */
export type PropertyFilter = { readonly property: string } & ValueTest;

export const eventMeasures = ['count', 'sum', 'distinct', 'days_since_last', 'days_since_first'] as const;
export type EventMeasure = (typeof eventMeasures)[number];

/** What the recipient did before the clock, counted or summed and compared. */
export type EventLeaf = EventQuestion & NumberTest;

export interface EventQuestion {
  readonly event: EventType;
  /** All of them must hold of one and the same event. */
  readonly where?: readonly PropertyFilter[];
  /** Which opens and clicks of messages count; on those two events only. */
  readonly classes?: readonly EventClass[];
  readonly measure: EventMeasure;
  /** What `sum` adds up and `distinct` tells apart. */
  readonly property?: string;
  /** With the sum of `value`: only amounts in this currency are added, and the bound is in its major units. */
  readonly currency?: string;
  /** `12h`, `30d` or `3mo` before the clock, half-open: `[clock - within, clock)`. Without it: ever. */
  readonly within?: string;
}

export type NumberTest =
  | { readonly op: 'eq' | 'ne' | OrderOp; readonly value: number }
  | { readonly op: 'between'; readonly value: readonly [number, number] };

/** Events whose classes tell people from machines. */
export const classedEvents: readonly EventType[] = ['opened', 'clicked'];

/** The conditions directly inside a group; none inside a leaf. */
export function partsOf(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return 'not' in condition ? [condition.not] : [];
}

/** Every leaf of a condition, from left to right, segments not followed. */
export function leavesOf(condition: Condition): Leaf[] {
  if ('all' in condition || 'any' in condition || 'not' in condition)
    return partsOf(condition).flatMap(leavesOf);
  return [condition];
}

/** Every leaf of a condition and of the segments behind it, each segment followed once, so that a circle has an end. */
export function leavesBehind(condition: Condition, segments: ReadonlyMap<string, Condition>): Leaf[] {
  const found: Leaf[] = [];
  const followed = new Set<string>();
  const open = [condition];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const leaf of leavesOf(next)) {
      found.push(leaf);
      if (!('segment' in leaf) || followed.has(leaf.segment)) continue;
      followed.add(leaf.segment);
      const inner = segments.get(leaf.segment);
      if (inner) open.push(inner);
    }
  }
  return found;
}
