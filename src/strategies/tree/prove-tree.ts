import type { Problem } from '../../experiments/read-with.js';
import type { Condition, Scalar } from '../../profiles/conditions/condition.js';
import { canonicalJson } from '../content-hash.js';
import {
  type Domain,
  anything,
  both,
  isEmpty,
  noNumbers,
  numbersIn,
  only,
  sidesOf,
  without,
} from './domain.js';
import { type Node, type Range, type Switch, isInRange, isRange, valuesOf } from './node.js';

type Path = readonly PropertyKey[];
export interface TreeProblem {
  readonly path: Path;
  readonly message: Problem['message'];
}

/** What is certain about everybody who comes to a place of the tree. */
interface Known {
  readonly traits: ReadonlyMap<string, Domain>;
  /** Conditions, in canonical JSON, that hold or do not. */
  readonly verdicts: ReadonlyMap<string, boolean>;
}

/**
 * What keeps a tree from leading every profile to exactly one leaf: a leaf whose id another one has, cases that overlap, numbers
 * that no case holds, and places that nobody comes to. Each with its path and, where it is about values, one of them.
 * Structure does the rest: a fork has two ways of which one is taken, a switch an `else`.
 *
 * A place that nobody reaches is found where traits alone rule it out or a condition is asked twice on the way.
 */
export function proveTree(root: Node): TreeProblem[] {
  const seen = new Map<string, true>();
  const problems: TreeProblem[] = [];
  walk(root, ['root'], { traits: new Map(), verdicts: new Map() }, (node, path, known) => {
    if (known === undefined) {
      problems.push({ path, message: 'is never reached: no recipient can come here. Remove it, or mend the questions before it' }); // prettier-ignore
      return false;
    }
    if ('by' in node) problems.push(...problemsOfSwitch(node).map((one) => ({ ...one, path: [...path, ...one.path] }))); // prettier-ignore
    if (!('leaf' in node)) return true;
    if (seen.has(node.leaf)) {
      problems.push({ path: [...path, 'leaf'], message: `${JSON.stringify(node.leaf)} is the id of an earlier leaf too: rename one` }); // prettier-ignore
    }
    seen.set(node.leaf, true);
    return true;
  });
  return problems;
}

/** `known` undefined: nobody comes here. Goes on inside while `visit` says so. */
type Visit = (node: Node, path: Path, known: Known | undefined) => boolean;

function walk(node: Node, path: Path, known: Known | undefined, visit: Visit): void {
  if (!visit(node, path, known) || known === undefined || 'leaf' in node) return;
  if ('if' in node) {
    walk(node.then, [...path, 'then'], assume(node.if, true, known), visit);
    walk(node.else, [...path, 'else'], assume(node.if, false, known), visit);
    return;
  }
  for (const [i, { when, then }] of node.cases.entries()) {
    const values = isRange(when) ? numbersIn(when) : only(valuesOf(when));
    walk(then, [...path, 'cases', i, 'then'], narrow(known, node.by, values), visit);
  }
  walk(node.else, [...path, 'else'], narrow(known, node.by, restOf(node)), visit);
}

function restOf({ cases }: Switch): Domain {
  const named = without(cases.flatMap(({ when }) => valuesOf(when)));
  return cases.some(({ when }) => isRange(when)) ? both(named, noNumbers) : named;
}

/** What is known once a condition holds or not; undefined: that cannot be. */
function assume(condition: Condition, verdict: boolean, known: Known): Known | undefined {
  if ('not' in condition) return assume(condition.not, !verdict, known);
  const spelling = canonicalJson(condition);
  const before = known.verdicts.get(spelling);
  if (before !== undefined) return before === verdict ? known : undefined;
  const noted = { ...known, verdicts: new Map([...known.verdicts, [spelling, verdict]]) };
  // All parts hold, or none does; of the others it is not certain which.
  const parts = verdict && 'all' in condition ? condition.all : !verdict && 'any' in condition ? condition.any : undefined; // prettier-ignore
  if (parts) return parts.reduce<Known | undefined>((all, part) => all && assume(part, verdict, all), noted);
  if ('all' in condition || 'any' in condition) return groupRulesOut(condition, verdict, known) ? undefined : noted; // prettier-ignore
  return 'trait' in condition ? narrow(noted, condition.trait, sidesOf(condition)[verdict ? 0 : 1]) : noted;
}

/** A group of which one part suffices cannot be where none of its parts can. */
function groupRulesOut(
  condition: { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] },
  verdict: boolean,
  known: Known,
): boolean {
  const parts = 'all' in condition ? condition.all : condition.any;
  return parts.every((part) => assume(part, verdict, known) === undefined);
}

function narrow(known: Known, trait: string, values: Domain): Known | undefined {
  const left = both(known.traits.get(trait) ?? anything, values);
  return isEmpty(left) ? undefined : { ...known, traits: new Map([...known.traits, [trait, left]]) };
}

function problemsOfSwitch({ by, cases }: Switch): TreeProblem[] {
  return [...repeatedValues(cases), ...problemsOfRanges(by, cases)];
}

function repeatedValues(cases: Switch['cases']): TreeProblem[] {
  const firstCase = new Map<Scalar, number>();
  return cases.flatMap(({ when }, i) =>
    valuesOf(when).flatMap((value) => {
      const range = typeof value === 'number' ? cases.findIndex((other) => isRange(other.when) && isInRange(value, other.when)) : -1; // prettier-ignore
      const earlier = firstCase.get(value) ?? (range >= 0 ? range : undefined);
      firstCase.set(value, firstCase.get(value) ?? i);
      if (earlier === undefined) return [];
      return [{ path: ['cases', i, 'when'], message: `overlaps case ${earlier}: ${JSON.stringify(value)} is in both` }]; // prettier-ignore
    }),
  );
}

/** Once a switch tells numbers apart by size it must say where each of them goes. */
function problemsOfRanges(by: string, cases: Switch['cases']): TreeProblem[] {
  const ranges = cases
    .flatMap(({ when }, i) =>
      isRange(when) ? [{ i, from: when.from ?? -Infinity, below: when.below ?? Infinity }] : [],
    ) // prettier-ignore
    .sort((a, b) => a.from - b.from || a.i - b.i);
  const [first] = ranges;
  if (!first) return [];
  const problems: TreeProblem[] = [];
  const gap = (witness: number) =>
    problems.push({ path: ['cases'], message: `leaves a gap: no case holds ${by} = ${witness}. Let the ranges touch, the first without "from", the last without "below"` }); // prettier-ignore
  if (first.from > -Infinity) gap(first.from - Math.max(1, Math.abs(first.from) * 1e-9));
  let reached = first;
  for (const range of ranges.slice(1)) {
    if (range.from < reached.below) {
      problems.push({ path: ['cases', range.i, 'when'], message: `overlaps case ${reached.i}: ${by} = ${witnessOf(reached, range)} is in both` }); // prettier-ignore
    }
    if (range.from > reached.below) gap(reached.below);
    if (range.below > reached.below) reached = range;
  }
  if (reached.below < Infinity) gap(reached.below);
  return problems;
}

/** A number that is in both of two ranges which overlap, of which the second does not begin before the first. */
function witnessOf(first: Range, second: Range): number {
  if (second.from !== undefined && second.from > -Infinity) return second.from;
  const below = Math.min(first.below ?? Infinity, second.below ?? Infinity);
  return below === Infinity ? 0 : below - Math.max(1, Math.abs(below) * 1e-9);
}
