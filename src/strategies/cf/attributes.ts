/** One thing that is known of items, as text; empty where it is not known. */
export interface AttributeColumn {
  readonly name: string;
  /** One for each item, several of them divided by `|`. */
  readonly values: readonly string[];
}

/** Numbers of more values than this become tiers. */
const fewValues = 12;
const tiers = 5;

/**
 * What is known of each item as words that can be compared: `genre:Comedy`. Numbers of many values, prices say, become five
 * tiers of about as many items: `price:tier 1` is the lowest.
 */
export function attributesOf(columns: readonly AttributeColumn[]): string[][] {
  const size = Math.max(0, ...columns.map(({ values }) => values.length));
  const lists = Array.from({ length: size }, (): string[] => []);
  for (const column of columns) {
    const wordsOf = tiersOf(column.values) ?? splitAtBars;
    column.values.forEach((value, i) => {
      for (const word of wordsOf(value)) lists[i]?.push(`${column.name}:${word}`);
    });
  }
  return lists.map((list) => [...new Set(list)].sort());
}

function splitAtBars(value: string): string[] {
  return value
    .split('|')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Undefined where the values are no numbers, or few. */
function tiersOf(values: readonly string[]): ((value: string) => string[]) | undefined {
  const known = values.filter((value) => value.trim() !== '');
  const numbers = known.map(Number);
  if (!numbers.every(Number.isFinite) || new Set(numbers).size <= fewValues) return undefined;
  const sorted = Float64Array.from(numbers).sort();
  const ends = Array.from(
    { length: tiers - 1 },
    (_, i) => sorted[Math.floor(((i + 1) / tiers) * sorted.length)] as number,
  );
  return (value) =>
    value.trim() === '' ? [] : [`tier ${1 + ends.filter((end) => Number(value) >= end).length}`];
}
