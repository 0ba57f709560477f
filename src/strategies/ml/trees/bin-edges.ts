/**
 * Values at which a column of numbers is cut into bins, ascending: a value is in bin b where it is at most edge b and above
 * edge b - 1, in the last one where it is above all. One bin for each distinct value where `bins` suffice; otherwise bins of
 * about as many rows each, so that a value which very many rows have gets one of its own.
 *
 * @param values known ones, in any order; not changed.
 * @param bins at most, 2 to 255.
 * @returns bins - 1 edges; none where all values are alike.
 */
export function binEdges(values: Float64Array, bins: number): Float64Array {
  const sorted = distinctOf(values, bins) ?? thinned(values).sort();
  const counted = countDistinct(sorted);
  const cuts = counted.values.length <= bins ? everyCut(counted.values) : evenCuts(counted, bins);
  return Float64Array.from(cuts, (i) =>
    between(counted.values[i] as number, counted.values[i + 1] as number),
  );
}

/** Beyond this, quantiles are those of every second, third, … row, which differ by less than a tenth of a bin. */
const maxSorted = 65_536;

/** The distinct values, ascending, if there are no more than `bins`. */
function distinctOf(values: Float64Array, bins: number): Float64Array | undefined {
  const seen = new Set<number>();
  for (const value of values) {
    seen.add(value);
    if (seen.size > bins) return undefined;
  }
  return Float64Array.from(seen).sort();
}

function thinned(values: Float64Array): Float64Array {
  if (values.length <= maxSorted) return values.slice();
  const step = values.length / maxSorted;
  return Float64Array.from({ length: maxSorted }, (_, i) => values[Math.floor(i * step)] as number);
}

interface Counted {
  readonly values: Float64Array;
  readonly counts: Uint32Array;
}

function countDistinct(sorted: Float64Array): Counted {
  const values = new Float64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let size = 0;
  for (const value of sorted) {
    if (size > 0 && values[size - 1] === value) {
      counts[size - 1] = (counts[size - 1] as number) + 1;
    } else {
      values[size] = value;
      counts[size] = 1;
      size += 1;
    }
  }
  return { values: values.subarray(0, size), counts: counts.subarray(0, size) };
}

const everyCut = (values: Float64Array): number[] =>
  Array.from({ length: Math.max(0, values.length - 1) }, (_, i) => i);

/** Places of the last value of each bin but the last, which are filled one after the other with a fair part of what is left. */
function evenCuts({ values, counts }: Counted, bins: number): number[] {
  const cuts: number[] = [];
  let left = counts.reduce((sum, count) => sum + count, 0);
  let filled = 0;
  for (let i = 0; i < values.length - 1 && cuts.length < bins - 1; i++) {
    filled += counts[i] as number;
    const fair = (left / (bins - cuts.length)) | 0;
    // A value with more rows than a bin should have begins one of its own.
    if (filled < fair && filled + (counts[i + 1] as number) <= fair * 1.5) continue;
    cuts.push(i);
    left -= filled;
    filled = 0;
  }
  return cuts;
}

/** A number from `low` on and below `high`, with as few digits as there need be: models are kept as text. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  for (let digits = 1; digits <= 17; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (short >= low && short < high) return short;
  }
  return middle >= low && middle < high ? middle : low;
}
