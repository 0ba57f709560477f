import type { Rule } from '../rules/rule.js';
import type { Axis } from './axes.js';
import type { Finding } from './finding.js';
import { type Node, verdictAt } from './node.js';
import { solve } from './solve.js';
import { spellSubject } from './spell-condition.js';
import { axesIn, type Study } from './study.js';

const orderOps: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'between'];

interface Point {
  readonly value: number;
  /** Position of the first rule that matches here. */
  readonly winner: number | undefined;
}

/**
 * Numbers for which no rule matches although one matches below and another above, everything else being equal: `more than 3`
 * beside `less than 3`, or ranges that leave a hole.
 */
export function findGaps(rules: readonly Rule[], study: Study, hasDefault: boolean): Finding[] {
  const found = new Map<string, Finding>();
  for (const [i, node] of study.nodes.entries()) {
    const base = baseOf(study, node);
    if (!base) continue;
    for (const position of new Set(axesIn(node))) {
      const axis = study.axes[position];
      if (study.effort.isSpent) return [...found.values()];
      if (!axis || !isOrdered(study, i, position)) continue;
      const line = lineOf(study, base, position, axis);
      for (const hole of holesIn(line)) {
        const [below, above] = [hole.below.winner ?? 0, hole.above.winner ?? 0];
        if (below === above || !isOrdered(study, below, position) || !isOrdered(study, above, position))
          continue;
        if (isBetweenWholeNumbers(axis, hole)) continue;
        const finding = gap(axis, hole, rules[below], rules[above], hasDefault);
        if (!found.has(finding.message)) found.set(finding.message, finding);
      }
    }
  }
  return [...found.values()];
}

/** One choice of values for which the rule matches; what it does not ask for is left unknown. */
function baseOf(study: Study, node: Node): number[] | undefined {
  const { solutions } = solve([{ node, wanted: true }], study, 500);
  for (const { allowed } of solutions) {
    return study.axes.map(({ values }, i) => {
      const mask = allowed.get(i);
      if (mask) return mask.indexOf(1);
      const least = values.findIndex((value) => value === undefined || value === 0);
      return Math.max(0, least);
    });
  }
  return undefined;
}

function lineOf(
  { nodes, costs, effort }: Study,
  base: readonly number[],
  position: number,
  axis: Axis,
): Point[] {
  effort.spend(axis.values.length * costs.reduce((sum, cost) => sum + cost, 0));
  const numbers = axis.values.flatMap((value, at) => (typeof value === 'number' ? [{ value, at }] : []));
  return numbers
    .sort((a, b) => a.value - b.value)
    .map(({ value, at }) => {
      const winner = nodes.findIndex((node) =>
        verdictAt(node, (one) => (one === position ? at : (base[one] ?? 0))),
      );
      return { value, winner: winner < 0 ? undefined : winner };
    });
}

interface Hole {
  readonly below: Point;
  readonly above: Point;
  readonly inside: readonly number[];
}

function holesIn(line: readonly Point[]): Hole[] {
  const holes: Hole[] = [];
  let below: Point | undefined;
  let inside: number[] = [];
  for (const point of line) {
    if (point.winner === undefined) {
      inside.push(point.value);
      continue;
    }
    if (below && inside.length > 0) holes.push({ below, above: point, inside });
    below = point;
    inside = [];
  }
  return holes;
}

/** Whether the rule compares this axis by order, so that its bound could have been meant to meet another's. */
function isOrdered({ nodes }: Study, i: number, axis: number): boolean {
  const compares = (node: Node): boolean => {
    if (node.kind === 'not') return compares(node.child);
    if (node.kind !== 'leaf') return node.children.some(compares);
    return node.axis === axis && 'op' in node.leaf && orderOps.includes(node.leaf.op);
  };
  const node = nodes[i];
  return node !== undefined && compares(node);
}

function gap(
  axis: Axis,
  { inside }: Hole,
  below: Rule | undefined,
  above: Rule | undefined,
  hasDefault: boolean,
): Finding {
  const where = placeOf(axis, inside);
  const names = [below?.id ?? '', above?.id ?? ''];
  const instead = hasDefault ? 'the default is delivered there' : 'nothing is delivered there';
  return {
    code: 'gap',
    severity: 'warning',
    rules: names,
    message: `${capital(spellSubject(axis.leaf))}: no rule matches ${where}, though "${names[0]}" does below and "${names[1]}" above; ${instead}. Let the bounds meet, as in "less than 3" beside "at least 3".`,
  };
}

/** In the words of the bounds that were written. */
function placeOf({ bounds, leaf }: Axis, inside: readonly number[]): string {
  const [first, last] = [inside[0] ?? 0, inside.at(-1) ?? 0];
  if (first === last && (bounds.includes(first) || isCount(leaf))) return `at ${first}`;
  if (isCount(leaf)) return `from ${first} to ${last}`;
  const low = bounds.findLast((bound) => bound <= first) ?? first;
  const high = bounds.find((bound) => bound >= last) ?? last;
  return `between ${low} and ${high}`;
}

function isCount(leaf: Axis['leaf']): boolean {
  return 'event' in leaf && (leaf.measure === 'count' || leaf.measure === 'distinct');
}

/** Ages and such are whole: nobody is missed between "at most 29" and "at least 30". Sums and days have fractions. */
function isBetweenWholeNumbers({ leaf }: Axis, { inside, below, above }: Hole): boolean {
  if ('event' in leaf || inside.some((value) => Number.isInteger(value))) return false;
  return Number.isInteger(below.value) && Number.isInteger(above.value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
