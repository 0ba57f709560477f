import type { Scalar, TraitLeaf } from '../../profiles/conditions/condition.js';
import type { Range } from './node.js';

/** A piece of the numbers; each end belongs to it or not. */
interface Piece {
  readonly low: number;
  readonly lowIn: boolean;
  readonly high: number;
  readonly highIn: boolean;
}

/**
 * The values that a trait can still have at some place of a tree. Never too few; more than there are where a test is not
 * followed exactly, so that an empty one proves that nobody comes there.
 */
export interface Domain {
  readonly missing: boolean;
  readonly numbers: readonly Piece[];
  readonly booleans: readonly boolean[];
  /** These texts, or all but these. */
  readonly texts: { readonly all: boolean; readonly set: ReadonlySet<string> };
}

const line: Piece = { low: -Infinity, lowIn: true, high: Infinity, highIn: true };
const none: Domain = { missing: false, numbers: [], booleans: [], texts: { all: false, set: new Set() } };

export const anything: Domain = {
  missing: true,
  numbers: [line],
  booleans: [false, true],
  texts: { all: true, set: new Set() },
};
const known: Domain = { ...anything, missing: false };

export function isEmpty({ missing, numbers, booleans, texts }: Domain): boolean {
  return !missing && numbers.length === 0 && booleans.length === 0 && !texts.all && texts.set.size === 0;
}

export function both(a: Domain, b: Domain): Domain {
  return {
    missing: a.missing && b.missing,
    numbers: a.numbers.flatMap((one) => b.numbers.flatMap((other) => overlap(one, other))),
    booleans: a.booleans.filter((value) => b.booleans.includes(value)),
    texts: bothTexts(a.texts, b.texts),
  };
}

function overlap(a: Piece, b: Piece): Piece[] {
  const lower = a.low > b.low || (a.low === b.low && !a.lowIn) ? a : b;
  const upper = a.high < b.high || (a.high === b.high && !a.highIn) ? a : b;
  const piece = { low: lower.low, lowIn: lower.lowIn, high: upper.high, highIn: upper.highIn };
  const isThere = piece.low < piece.high || (piece.low === piece.high && piece.lowIn && piece.highIn);
  return isThere ? [piece] : [];
}

function bothTexts(a: Domain['texts'], b: Domain['texts']): Domain['texts'] {
  if (a.all && b.all) return { all: true, set: new Set([...a.set, ...b.set]) };
  if (a.all) return { all: false, set: new Set([...b.set].filter((text) => !a.set.has(text))) };
  return { all: false, set: new Set([...a.set].filter((text) => b.set.has(text) !== b.all)) };
}

export function only(values: readonly Scalar[]): Domain {
  return {
    missing: false,
    numbers: values.flatMap((value) =>
      typeof value === 'number' ? [{ low: value, lowIn: true, high: value, highIn: true }] : [],
    ),
    booleans: [false, true].filter((value) => values.includes(value)),
    texts: { all: false, set: new Set(values.filter((value) => typeof value === 'string')) },
  };
}

/** Everything but these values. */
export function without(values: readonly Scalar[]): Domain {
  const points = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const edges = [...new Set(points)];
  return {
    missing: true,
    numbers: [-Infinity, ...edges].flatMap((low, i) => {
      const high = edges[i] ?? Infinity;
      return overlap({ low, lowIn: i === 0, high, highIn: i === edges.length }, line);
    }),
    booleans: [false, true].filter((value) => !values.includes(value)),
    texts: { all: true, set: new Set(values.filter((value) => typeof value === 'string')) },
  };
}

export function numbersIn({ from = -Infinity, below = Infinity }: Range): Domain {
  return { ...none, numbers: [{ low: from, lowIn: true, high: below, highIn: below === Infinity }] };
}

/** What is left for the `else` of a switch whose ranges hold all numbers. */
export const noNumbers: Domain = { ...anything, numbers: [] };

/** The values for which a look at a trait holds, and those for which it does not. */
export function sidesOf(leaf: TraitLeaf): readonly [holds: Domain, fails: Domain] {
  switch (leaf.op) {
    case 'exists':
      return [known, { ...none, missing: true }];
    case 'missing':
      return [{ ...none, missing: true }, known];
    case 'eq':
      return [only([leaf.value]), without([leaf.value])];
    case 'ne':
      return [both(known, without([leaf.value])), { ...only([leaf.value]), missing: true }];
    case 'in':
      return [only(leaf.value), without(leaf.value)];
    case 'not_in':
      return [both(known, without(leaf.value)), { ...only(leaf.value), missing: true }];
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'between':
      return numberSides(leaf);
    default:
      // Which texts contain a part or hold a late date is not followed: only that they are texts.
      return [{ ...none, texts: anything.texts }, anything];
  }
}

function numberSides(leaf: TraitLeaf & { readonly op: 'gt' | 'gte' | 'lt' | 'lte' | 'between' }) {
  const holds = pieceOf(leaf);
  const below: Piece = { ...line, high: holds.low, highIn: !holds.lowIn };
  const above: Piece = { ...line, low: holds.high, lowIn: !holds.highIn };
  const others = [below, above].flatMap((piece) => overlap(piece, line));
  return [
    { ...none, numbers: [holds] },
    { ...anything, numbers: others },
  ] as const;
}

function pieceOf(leaf: TraitLeaf & { readonly op: 'gt' | 'gte' | 'lt' | 'lte' | 'between' }): Piece {
  switch (leaf.op) {
    case 'between':
      return { low: leaf.value[0], lowIn: true, high: leaf.value[1], highIn: true };
    case 'gt':
      return { ...line, low: leaf.value, lowIn: false };
    case 'gte':
      return { ...line, low: leaf.value };
    case 'lt':
      return { ...line, high: leaf.value, highIn: false };
    case 'lte':
      return { ...line, high: leaf.value };
  }
}
