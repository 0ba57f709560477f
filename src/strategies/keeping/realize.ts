import type { EventLeaf, FeatureLeaf } from '../../profiles/conditions/condition.js';
import { findFeature } from '../../profiles/features/feature.js';
import type { Behaviour, Profile } from '../../profiles/history.js';
import type { Axes, Axis, AxisValue } from './axes.js';
import { agesThatMatter, beside, eventsFor, inOrder } from './make-events.js';
import type { Solution } from './solve.js';

/** Combinations of histories that are tried for one solution. */
const mostTries = 400;
const mostWays = 60;

const dayMs = 86_400_000;

/**
 * A profile that has the values of a solution, or at least passes the check, which alone decides. Undefined where none of
 * the likely ones does: values of different axes may contradict each other, and features are met by trying.
 */
export function realize(
  solution: Solution,
  axes: Axes,
  clock: number,
  check: (profile: Profile) => boolean,
): Profile | undefined {
  const wanted = wantedAxes(solution, axes);
  const traits: Record<string, string | number | boolean> = {};
  for (const { axis, values } of wanted) {
    if (!('trait' in axis.leaf)) continue;
    const [value] = values;
    if (value !== undefined) traits[axis.leaf.trait] = value;
  }
  let tries = 0;
  for (const history of histories(wanted, axes, clock)) {
    const profile = { traits, history: inOrder(history) };
    if (check(profile)) return profile;
    tries += 1;
    if (tries >= mostTries) return undefined;
  }
  return undefined;
}

interface WantedAxis {
  readonly axis: Axis;
  /** The simplest first. */
  readonly values: readonly AxisValue[];
}

function wantedAxes({ allowed, literals }: Solution, axes: Axes): WantedAxis[] {
  const asked = new Set(literals.filter(({ wanted }) => wanted).map(({ node }) => node.axis));
  return [...allowed].flatMap(([position, mask]) => {
    const axis = axes[position];
    if (!axis) return [];
    const values = axis.values.filter((_, i) => mask[i] === 1);
    // What nobody asked for is best left out: unknown, or no event at all.
    const simple = (value: AxisValue): number => (value === undefined ? (asked.has(position) ? 2 : 0) : 1);
    return [{ axis, values: [...values].sort((a, b) => simple(a) - simple(b)) }];
  });
}

/** Histories that come to the values, one combination after the other. */
function* histories(wanted: readonly WantedAxis[], axes: Axes, clock: number): Generator<Behaviour[]> {
  const ways = wanted
    .map(({ axis, values }) => waysOf(axis, values, axes, clock))
    .filter((way) => way !== undefined);
  yield* combine(ways, 0, []);
}

function* combine(
  ways: readonly (readonly Behaviour[][])[],
  from: number,
  events: readonly Behaviour[],
): Generator<Behaviour[]> {
  const next = ways[from];
  if (next === undefined) yield [...events];
  else for (const way of next) yield* combine(ways, from + 1, [...events, ...way]);
}

/** Undefined for what has nothing to do with the history. */
function waysOf(
  { leaf }: Axis,
  values: readonly AxisValue[],
  axes: Axes,
  clock: number,
): Behaviour[][] | undefined {
  if ('event' in leaf) return eventWays(leaf, values, axes, clock);
  return 'feature' in leaf ? featureWays(leaf, clock) : undefined;
}

function eventWays(leaf: EventLeaf, values: readonly AxisValue[], axes: Axes, clock: number): Behaviour[][] {
  const ages = agesThatMatter(axesOfEvent(axes, leaf.event), clock);
  return values.flatMap((value) => eventsFor(leaf, value, ages, clock)).slice(0, mostWays);
}

function axesOfEvent(axes: Axes, event: string): Axis[] {
  return axes.filter(({ leaf }) => 'event' in leaf && leaf.event === event);
}

/** What a feature comes to is its own affair, so histories of many sizes and ages are tried. */
function featureWays(leaf: FeatureLeaf, clock: number): Behaviour[][] {
  const types = findFeature(leaf.feature)?.needs.types ?? [];
  const made = types.flatMap((type) =>
    [1, 5, 20, 60].flatMap((n) =>
      [1, 20, 45, 100, 200, 400].map((days) =>
        Array.from({ length: n }, (_, i): Behaviour => {
          const at = clock - days * dayMs + i * 60_000;
          return { id: '', type, at, class: 'human', value: 5_000, currency: 'EUR', order: `order-${i + 1}` };
        }),
      ),
    ),
  );
  return [[], ...made].slice(0, mostTries);
}

/** Histories that bring an axis to each value that matters, and those with events that do not count. */
export type Ways = readonly (readonly Behaviour[])[];

export function edgeWays(axis: Axis, axes: Axes, clock: number): Ways {
  const { leaf, values } = axis;
  const ways = waysOf(axis, values, axes, clock) ?? [];
  if (!('event' in leaf)) return ways;
  const strange = ways.map((way) => beside(leaf, way, clock) ?? []);
  return [...ways, ...strange.filter(({ length }) => length > 0)];
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
