import { findFeature } from '../features/feature.js';
import type { Profile } from '../history.js';
import { knownTrait } from '../known-trait.js';
import { Segments, compileLeaf } from './compile-condition.js';
import type {
  Condition,
  EventLeaf,
  EventQuestion,
  FeatureLeaf,
  Leaf,
  Scalar,
  TraitLeaf,
} from './condition.js';
import { type Found, compileSearch, measured } from './count-events.js';
import { Subject } from './subject.js';
import { parseWindow, windowStart } from './window.js';

/** A condition with the verdict of each part, every part looked at. */
export type ConditionTrace =
  | { readonly verdict: boolean; readonly all: readonly ConditionTrace[] }
  | { readonly verdict: boolean; readonly any: readonly ConditionTrace[] }
  | { readonly verdict: boolean; readonly not: ConditionTrace }
  | LeafTrace;

export type LeafTrace = ValueTrace | EventTrace | SegmentTrace;

export interface ValueTrace {
  readonly verdict: boolean;
  readonly trait?: string;
  readonly feature?: string;
  readonly op: string;
  /** What it is compared with; absent for `exists` and `missing`. */
  readonly expected?: unknown;
  /** What is known; null where nothing is. */
  readonly actual: Scalar | null;
}

export interface EventTrace extends EventQuestion {
  readonly verdict: boolean;
  readonly op: string;
  readonly expected: unknown;
  /** What was measured: days with a fraction, money in major units. Null: no such event. */
  readonly actual: number | null;
  /** How many events passed the filters and lie in the window. */
  readonly events: number;
  /** The window, half-open, ISO 8601; without `from` it has no beginning. */
  readonly from?: string;
  readonly until: string;
  /** When the first and last of these events happened. */
  readonly first?: string;
  readonly last?: string;
}

export interface SegmentTrace {
  readonly verdict: boolean;
  readonly segment: string;
  /** The segment's own condition explained, where it is named first. */
  readonly when?: ConditionTrace;
}

type Explain = (subject: Subject) => ConditionTrace;

/** One condition explained; its verdict is that of `prepareCondition`. @throws Error as that does. */
export function traceCondition(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
  profile: Profile,
  clock: number,
): ConditionTrace {
  return prepareTrace(condition, segments)(profile, clock);
}

/** The explanation of a condition made ready for many recipients. */
export function prepareTrace(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
): (profile: Profile, clock: number) => ConditionTrace {
  const explain = compileTrace(condition, new Segments(segments), new Set());
  return (profile, clock) => explain(new Subject(profile, clock));
}

/** `told`: segments explained elsewhere in this trace; each is explained once, or traces could grow without end. */
function compileTrace(condition: Condition, segments: Segments, told: Set<string>): Explain {
  if ('all' in condition) {
    const parts = condition.all.map((part) => compileTrace(part, segments, told));
    return (subject) => {
      const all = parts.map((explain) => explain(subject));
      return { verdict: all.every((part) => part.verdict), all };
    };
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => compileTrace(part, segments, told));
    return (subject) => {
      const any = parts.map((explain) => explain(subject));
      return { verdict: any.some((part) => part.verdict), any };
    };
  }
  if ('not' in condition) {
    const explain = compileTrace(condition.not, segments, told);
    return (subject) => {
      const not = explain(subject);
      return { verdict: !not.verdict, not };
    };
  }
  return traceLeaf(condition, segments, told);
}

function traceLeaf(leaf: Leaf, segments: Segments, told: Set<string>): Explain {
  const check = compileLeaf(leaf, segments);
  if ('event' in leaf) return traceEvents(leaf, check);
  if ('segment' in leaf) {
    const { segment } = leaf;
    if (told.has(segment)) return (subject) => ({ verdict: check(subject), segment });
    told.add(segment);
    const explain = compileTrace(segments.condition(segment), segments, told);
    return (subject) => {
      const when = explain(subject);
      return { verdict: when.verdict, segment, when };
    };
  }
  const read = readerOfLeaf(leaf);
  const place = 'trait' in leaf ? { trait: leaf.trait } : { feature: leaf.feature };
  const expected = 'value' in leaf ? { expected: leaf.value } : {};
  return (subject) => ({
    verdict: check(subject),
    ...place,
    op: leaf.op,
    ...expected,
    actual: read(subject) ?? null,
  });
}

function readerOfLeaf(leaf: TraitLeaf | FeatureLeaf): (subject: Subject) => Scalar | undefined {
  if ('trait' in leaf) return ({ profile }) => knownTrait(profile.traits, leaf.trait);
  const feature = findFeature(leaf.feature);
  return (subject) => feature && subject.feature(feature);
}

function traceEvents(leaf: EventLeaf, check: (subject: Subject) => boolean): Explain {
  const search = compileSearch(leaf);
  const { op, value, ...question } = leaf;
  return (subject) => {
    const found = search(subject);
    return {
      verdict: check(subject),
      ...question,
      op,
      expected: value,
      actual: measured(leaf, found, subject),
      events: Math.max(0, found.to - found.from),
      ...spanOf(leaf, subject),
      ...endsOf(found),
    };
  };
}

function spanOf({ within }: EventLeaf, { zone, clock }: Subject): { from?: string; until: string } {
  const window = within === undefined ? undefined : parseWindow(within);
  const until = new Date(clock).toISOString();
  return window ? { from: new Date(windowStart(zone, clock, window)).toISOString(), until } : { until };
}

function endsOf({ track, from, to }: Found): { first?: string; last?: string } {
  const [first, last] = [track.times[from], track.times[to - 1]];
  if (from >= to || first === undefined || last === undefined) return {};
  return { first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}
