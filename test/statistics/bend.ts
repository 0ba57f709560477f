/** Bends the arguments of a method in every way that a caller's data might be bent. */

/** One argument list with one thing bent. */
export interface Bent {
  /** What was bent and into what. */
  readonly what: string;
  readonly args: readonly unknown[];
}

const NUMBERS = [NaN, Infinity, -Infinity, 0, -0, -1, 0.5, 1, 2, 1e-300, 5e-324, 1e300, -1e300];
const WHOLE = [0n, 1n, 2n, -1n, 10n ** 9n, 10n ** 18n, 10n ** 40n, -(10n ** 40n)];
const TEXTS = ['', ' ', '__proto__', 'ABC', '-1', '1e400', 'é'];

/** Every argument list that differs from the given one at a single place; its own length is the compiler's business. */
export function bend(args: readonly unknown[]): Bent[] {
  return parts(args).map(({ what, value }) => ({ what, args: value as readonly unknown[] }));
}

interface Variant {
  what: string;
  value: unknown;
}

function variants(value: unknown): Variant[] {
  if (typeof value === 'number') return NUMBERS.map((bent) => ({ what: `${value} -> ${bent}`, value: bent }));
  if (typeof value === 'bigint') return WHOLE.map((bent) => ({ what: `${value}n -> ${bent}n`, value: bent }));
  if (typeof value === 'string')
    return TEXTS.map((bent) => ({ what: `'${value}' -> '${bent}'`, value: bent }));
  if (Array.isArray(value)) return [...lengths(value), ...parts(value)];
  if (typeof value === 'object' && value !== null) return members(value as Record<string, unknown>);
  return [];
}

function lengths(list: readonly unknown[]): Variant[] {
  const many = Array.from({ length: 200 }, (_, i) => list[i % list.length]);
  return [
    { what: 'an empty list', value: [] },
    { what: 'only the first', value: list.slice(0, 1) },
    { what: 'one less', value: list.slice(0, -1) },
    { what: 'one more', value: [...list, list.at(-1)] },
    { what: '200 of them', value: many },
  ];
}

function parts(list: readonly unknown[]): Variant[] {
  return list.flatMap((item, i) =>
    variants(item).map(({ what, value }) => ({ what: `[${i}] ${what}`, value: list.with(i, value) })),
  );
}

function members(record: Record<string, unknown>): Variant[] {
  return Object.entries(record).flatMap(([key, item]) =>
    variants(item).map(({ what, value }) => ({
      what: `.${key} ${what}`,
      value: { ...record, [key]: value },
    })),
  );
}

/** What an honest answer may not hold, with its path; empty if there is nothing. */
export function dishonest(answer: unknown, path = ''): string[] {
  if (typeof answer === 'number') return Number.isNaN(answer) ? [`${path} is NaN`] : [];
  if (typeof answer !== 'object' || answer === null) return [];
  const found = Object.entries(answer).flatMap(([key, value]) => dishonest(value, `${path}.${key}`));
  const { p, lower, upper } = answer as { p?: unknown; lower?: unknown; upper?: unknown };
  if (typeof p === 'number' && !(p >= 0 && p <= 1)) found.push(`${path}.p is ${p}`);
  if (typeof lower === 'number' && typeof upper === 'number' && !(lower <= upper)) {
    found.push(`${path} runs from ${lower} to ${upper}`);
  }
  return found;
}
