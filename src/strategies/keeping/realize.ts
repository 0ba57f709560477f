import type { EventLeaf, FeatureLeaf } from '../../profiles/conditions/condition.js';
import type { Behaviour, Profile } from '../../profiles/history.js';
import { type Axes, type Axis, type AxisValue, testOf } from './axes.js';
import type { Effort } from './effort.js';
import { type FeatureWay, featureWays } from './feature-ways.js';
import { agesThatMatter, beside, eventsFor, inOrder } from './make-events.js';
import { passing } from './node.js';
import type { Solution } from './solve.js';

/** Combinations of histories that are tried for one solution. */
const mostTries = 400;
const mostWays = 60;

/** What profiles are made up from; see `Study`. */
export interface Material {
  readonly axes: Axes;
  readonly clock: number;
  readonly effort: Effort;
  readonly made: Map<Axis, readonly FeatureWay[]>;
}

/**
 * A profile that has the values of a solution, or at least passes the check, which alone decides. Undefined where none of
 * the likely ones does: values of different axes may contradict each other, and features are met by trying.
 */
export function realize(
  solution: Solution,
  material: Material,
  check: (profile: Profile) => boolean,
): Profile | undefined {
  const wanted = wantedAxes(solution, material);
  const traits: Record<string, string | number | boolean> = {};
  for (const { axis, values } of wanted) {
    if (!('trait' in axis.leaf)) continue;
    const [value] = values;
    if (value !== undefined) traits[axis.leaf.trait] = value;
  }
  let tries = 0;
  for (const history of histories(wanted, material)) {
    const profile = { traits, history: inOrder(history) };
    if (check(profile)) return profile;
    tries += 1;
    if (tries >= mostTries || material.effort.isSpent) return undefined;
  }
  return undefined;
}

interface WantedAxis {
  readonly axis: Axis;
  /** The simplest first. */
  readonly values: readonly AxisValue[];
  /** Whether a value is as wanted; of those that are no values of the axis too. */
  readonly suits: (value: AxisValue) => boolean;
}

function wantedAxes({ allowed, literals }: Solution, { axes, clock }: Material): WantedAxis[] {
  const asked = new Set(literals.filter(({ wanted }) => wanted).map(({ node }) => node.axis));
  return [...allowed].flatMap(([position, mask]) => {
    const axis = axes[position];
    if (!axis) return [];
    const values = axis.values.filter((_, i) => mask[i] === 1);
    // What nobody asked for is best left out: unknown, or no event at all.
    const simple = (value: AxisValue): number => (value === undefined ? (asked.has(position) ? 2 : 0) : 1);
    const tests = literals
      .filter(({ node }) => node.axis === position)
      .map(({ node, wanted }) => ({ passes: passing(testOf(node.leaf), clock), wanted }));
    const suits = (value: AxisValue): boolean =>
      tests.every(({ passes, wanted }) => passes(value) === wanted);
    return [{ axis, values: [...values].sort((a, b) => simple(a) - simple(b)), suits }];
  });
}

/** Histories that come to the values, one combination after the other. */
function* histories(wanted: readonly WantedAxis[], material: Material): Generator<Behaviour[]> {
  const ways = wanted.flatMap(({ axis, values, suits }): (readonly (readonly Behaviour[])[])[] => {
    const { leaf } = axis;
    if ('event' in leaf) return [eventWays(leaf, values, material)];
    if (!('feature' in leaf)) return [];
    const known = waysOfFeature({ ...axis, leaf }, axis, material).filter(({ value }) => suits(value));
    return [known.slice(0, mostWays).map(({ events }) => events)];
  });
  yield* combine(ways, 0, []);
}

function* combine(
  ways: readonly (readonly (readonly Behaviour[])[])[],
  from: number,
  events: readonly Behaviour[],
): Generator<Behaviour[]> {
  const next = ways[from];
  if (next === undefined) yield [...events];
  else for (const way of next) yield* combine(ways, from + 1, [...events, ...way]);
}

function eventWays(
  leaf: EventLeaf,
  values: readonly AxisValue[],
  { axes, clock, effort }: Material,
): Behaviour[][] {
  effort.spend(5 * axes.length);
  const ages = agesThatMatter(axesOfEvent(axes, leaf.event), clock).slice(0, mostWays);
  const ways: Behaviour[][] = [];
  for (const value of values) {
    const more = eventsFor(leaf, value, ages, clock);
    effort.spend(more.reduce((sum, { length }) => sum + length, 1));
    ways.push(...more);
    if (ways.length >= mostWays || effort.isSpent) break;
  }
  return ways.slice(0, mostWays);
}

function axesOfEvent(axes: Axes, event: string): Axis[] {
  return axes.filter(({ leaf }) => 'event' in leaf && leaf.event === event);
}

function waysOfFeature(
  asked: Axis & { readonly leaf: FeatureLeaf },
  axis: Axis,
  { clock, effort, made }: Material,
): readonly FeatureWay[] {
  const known = made.get(axis);
  if (known) return known;
  const ways = featureWays(asked, clock);
  // The feature looks at each of them as well.
  effort.spend(10 * ways.reduce((sum, { events }) => sum + events.length, 1));
  made.set(axis, ways);
  return ways;
}

/** Histories that bring an axis to each value that matters, and those with events that do not count. */
export type Ways = readonly (readonly Behaviour[])[];

export function edgeWays(axis: Axis, material: Material): Ways {
  const { leaf, values } = axis;
  if ('feature' in leaf) {
    return byValue(waysOfFeature({ ...axis, leaf }, axis, material)).slice(0, mostWays);
  }
  if (!('event' in leaf)) return [];
  const ways = eventWays(leaf, values, material);
  const strange = ways.map((way) => beside(leaf, way, material.clock) ?? []);
  return [...ways, ...strange.filter(({ length }) => length > 0)];
}

/** One history for each value that a feature came to. */
function byValue(ways: readonly FeatureWay[]): Ways {
  const first = new Map<AxisValue, readonly Behaviour[]>();
  for (const { events, value } of ways) if (!first.has(value)) first.set(value, events);
  return [...first.values()];
}

/** Profiles at the edges of one axis, everything else as it is: each value that matters, or each of the ways to them. */
export function* edgesOf({ leaf, values }: Axis, ways: Ways, base: Profile): Generator<Profile> {
  if ('trait' in leaf) {
    const { [leaf.trait]: _known, ...others } = base.traits;
    for (const value of values) {
      const traits = value === undefined ? others : { ...others, [leaf.trait]: value };
      yield { traits, history: base.history };
    }
    return;
  }
  const others = 'event' in leaf ? base.history.filter(({ type }) => type !== leaf.event) : base.history;
  for (const way of ways) yield { traits: base.traits, history: inOrder([...others, ...way]) };
}
