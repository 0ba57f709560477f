/** How often values fell where; shaped like `Distribution` of model reports. */
export interface NumberCounts {
  readonly name: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly missing: number;
}

export interface CategoryCounts {
  readonly name: string;
  readonly categories: readonly string[];
  readonly counts: readonly number[];
  readonly missing: number;
}

export const usualBins = 10;

/**
 * Edges of bins that hold about the same number of these values: their quantiles, each once. A value that fills more than a
 * bin gets one of its own. Values that are not finite are left out; none or all alike have one edge at most.
 */
export function quantileEdges(values: ArrayLike<number>, bins = usualBins): number[] {
  const known = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  if (known.length === 0) return [];
  const edges = new Set<number>();
  for (let i = 1; i < bins; i++) edges.add(known[Math.floor((i * known.length) / bins)] as number);
  const least = known[0] as number;
  return [...edges].filter((edge) => edge > least);
}

/** Counts numbers between edges that ascend: bin i holds edges[i - 1] <= x < edges[i]. NaN is missing. */
export function countNumbers(
  name: string,
  values: ArrayLike<number>,
  edges: readonly number[],
): NumberCounts {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) missing++;
    else countAt(counts, binOf(value, edges));
  }
  return { name, edges, counts, missing };
}

function countAt(counts: number[], place: number): void {
  counts[place] = (counts[place] as number) + 1;
}

/** Counts categories; whatever is not among them falls into the last count. Undefined is missing. */
export function countCategories(
  name: string,
  values: Iterable<string | undefined>,
  categories: readonly string[],
): CategoryCounts {
  const places = new Map(categories.map((category, i) => [category, i]));
  const counts = Array.from({ length: categories.length + 1 }, () => 0);
  let missing = 0;
  for (const value of values) {
    if (value === undefined) missing++;
    else countAt(counts, places.get(value) ?? categories.length);
  }
  return { name, categories, counts, missing };
}

/** How many of the edges lie at or below the value. */
function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
