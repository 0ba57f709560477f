import type {
  Condition,
  DateTest,
  EventLeaf,
  Leaf,
  Scalar,
  ValueTest,
} from '../../profiles/conditions/condition.js';
import { leavesOf } from '../../profiles/conditions/condition.js';
import { findFeature } from '../../profiles/features/feature.js';
import { canonicalJson } from '../content-hash.js';

/** What comparisons look at, with the values at which a verdict can turn. */
export interface Axis {
  readonly key: string;
  /** One of the comparisons that look at it. */
  readonly leaf: Leaf;
  /** Simple ones first; undefined: unknown. */
  readonly values: readonly AxisValue[];
  /** Numbers that comparisons name, ascending. */
  readonly bounds: readonly number[];
  /** Whether every other value gives all comparisons the same verdicts as one of these. */
  readonly complete: boolean;
}

export type AxisValue = Scalar | undefined;
export type Axes = readonly Axis[];

/** What is compared with what, whatever it is that is looked at. */
export type Test = ValueTest | DateTest;

const dayMs = 86_400_000;

/** Values of one axis that are looked at, and texts of which each is tried behind each other. */
const mostValues = 2_000;
const mostVerdicts = 600_000;
const mostJoined = 10;

/** The axes of conditions without segments, in the order in which they are first met. */
export function axesOf(conditions: readonly Condition[], clock: number): Axes {
  const leaves = new Map<string, Leaf[]>();
  for (const leaf of conditions.flatMap(leavesOf)) {
    const key = axisKey(leaf);
    const known = leaves.get(key);
    if (known) known.push(leaf);
    else leaves.set(key, [leaf]);
  }
  return [...leaves].map(([key, all]) => axisOf(key, all, clock));
}

/** The same for comparisons that look at the same thing. */
export function axisKey(leaf: Leaf): string {
  if ('trait' in leaf) return `trait ${leaf.trait}`;
  if ('feature' in leaf) return `feature ${leaf.feature}`;
  if ('segment' in leaf) return `segment ${leaf.segment}`;
  const { op: _op, value: _value, ...question } = leaf;
  return `event ${canonicalJson(question)}`;
}

/** The comparison of a leaf by itself. @throws Error for a segment, which has none. */
export function testOf(leaf: Leaf): Test {
  if ('segment' in leaf) throw new Error('a segment compares nothing: it must be replaced before');
  const { op } = leaf;
  return ('value' in leaf ? { op, value: leaf.value } : { op }) as Test;
}

function axisOf(key: string, leaves: readonly Leaf[], clock: number): Axis {
  const [leaf] = leaves;
  if (leaf === undefined) throw new Error('an axis has at least one comparison');
  const tests = leaves.map(testOf);
  const bounds = tests.flatMap(operands).filter((value) => typeof value === 'number');
  const about = { key, leaf, bounds: [...new Set(bounds)].sort((a, b) => a - b) };
  if ('event' in leaf) return { ...about, ...cut(measured(leaf, bounds), true, leaves.length) };
  const few = 'feature' in leaf ? findFeature(leaf.feature)?.values : undefined;
  if (few) return { ...about, values: [...few, undefined], complete: true };
  const complete = tests.every(({ op }) => !partial.includes(op));
  return { ...about, ...cut(valuesThatMatter(tests, clock), complete, leaves.length) };
}

/** Every comparison is held against every value; the last two are unlike all that are named. */
function cut(
  values: readonly AxisValue[],
  complete: boolean,
  comparisons: number,
): Pick<Axis, 'values' | 'complete'> {
  const most = Math.ceil(Math.min(mostValues, mostVerdicts / comparisons));
  if (values.length <= most) return { values, complete };
  return { values: [...values.slice(0, most - 2), ...values.slice(-2)], complete: false };
}

/** Comparisons of texts and dates of which the values below are only the likely ones. */
const partial: readonly Test['op'][] = [
  'contains', 'starts_with', 'ends_with', 'matches', 'before', 'after', 'within_last',
]; // prettier-ignore

/** Every value that is named, one beside it on each side, one that is none of them, and unknown. */
export function valuesThatMatter(tests: readonly Test[], clock: number): AxisValue[] {
  const named = tests.flatMap(operands);
  const numbers = around(named.filter((value) => typeof value === 'number'));
  const texts = named.filter((value) => typeof value === 'string');
  const booleans = named.some((value) => typeof value === 'boolean') ? [true, false] : [];
  const likely = tests.flatMap((test) => likelyTexts(test, clock));
  const joined = likely.slice(0, mostJoined);
  const pairs = joined.flatMap((one) => joined.map((other) => `${one}${other}`));
  return [
    ...new Set<AxisValue>([
      ...booleans,
      ...texts,
      ...numbers,
      ...likely,
      ...pairs,
      another(texts),
      undefined,
    ]),
  ];
}

/** A text that is none of those. */
function another(texts: readonly string[]): string {
  let text = 'another';
  while (texts.includes(text)) text = `${text} one`;
  return text;
}

function operands(test: Test): Scalar[] {
  if (!('value' in test) || partial.includes(test.op)) return [];
  return Array.isArray(test.value) ? [...(test.value as Scalar[])] : [test.value as Scalar];
}

function likelyTexts(test: Test, clock: number): string[] {
  switch (test.op) {
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return [test.value];
    case 'matches':
      return [test.value.replaceAll('*', '').replaceAll('?', 'x')];
    case 'before':
    case 'after':
      return [-1, 0, 1].map((days) => dateText(Date.parse(test.value) + days * dayMs));
    case 'within_last':
      return [1, 40, 400, 4_000].map((days) => dateText(clock - days * dayMs));
    default:
      return [];
  }
}

function dateText(at: number): string {
  return Number.isNaN(at) ? 'no date' : new Date(at).toISOString().slice(0, 10);
}

/** Each number, one below and above it, and one between neighbours: whole ones where they will do. */
function around(numbers: readonly number[]): number[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const beside = sorted.flatMap((n) => [n, n + 1, n - 1]);
  const between = sorted.slice(1).map((n, i) => n / 2 + (sorted[i] ?? n) / 2);
  return [...new Set([...beside, ...between])].filter(Number.isFinite);
}

/** What an event measure can come to: counts are whole and not negative, and days since an event that never was are unknown. */
function measured({ measure }: EventLeaf, bounds: readonly number[]): AxisValue[] {
  const numbers = around(bounds);
  if (measure === 'sum') return [...new Set([...numbers, 0])];
  if (measure === 'days_since_last' || measure === 'days_since_first') {
    return [...new Set([...numbers, 0]), undefined].filter((value) => value === undefined || value >= 0);
  }
  const whole = numbers.flatMap((n) => [Math.floor(n), Math.ceil(n)]);
  return [...new Set([0, ...whole])].filter((n) => n >= 0).sort((a, b) => a - b);
}
