import { kmeans } from 'ml-kmeans';

export interface Clustering {
  /** Which cluster each row is in; the largest is 0, of equals the one whose centre comes first. */
  readonly labels: readonly number[];
  readonly centres: readonly (readonly number[])[];
  readonly withinSum: number;
}

const attempts = 8;

/** The best of several starts, by the sum of squares within. Pure: the same rows in the same order and seed, the same answer. */
export function cluster(rows: readonly (readonly number[])[], k: number, seed: number): Clustering {
  const data = rows.map((row) => [...row]);
  let best: Clustering | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { clusters, centroids } = kmeans(data, k, {
      seed: seed + attempt,
      initialization: 'kmeans++',
      maxIterations: 200,
    });
    const withinSum = data.reduce((sum, row, i) => sum + squared(row, centroids[clusters[i] ?? 0] ?? []), 0);
    if (best === undefined || withinSum < best.withinSum - 1e-9) {
      best = { labels: clusters, centres: centroids, withinSum };
    }
  }
  if (best === undefined) throw new Error('nothing was tried');
  return inOrder(best, k);
}

function inOrder({ labels, centres, withinSum }: Clustering, k: number): Clustering {
  const sizes = Array.from({ length: k }, (_, c) => labels.filter((label) => label === c).length);
  const order = Array.from({ length: k }, (_, c) => c).sort(
    (a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || compareRows(centres[a] ?? [], centres[b] ?? []),
  );
  return {
    labels: labels.map((label) => order.indexOf(label)),
    centres: order.map((c) => centres[c] ?? []),
    withinSum,
  };
}

function compareRows(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i === -1 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

const mostForSilhouette = 400;

/**
 * Mean silhouette of a sample (every so manieth row): 1 where everybody is close to their own and far from all others, below 0
 * where they would be better off elsewhere. Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987).
 */
export function silhouette(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  k: number,
): number {
  const step = Math.ceil(rows.length / mostForSilhouette);
  const sample = rows.flatMap((row, i) => (i % step === 0 ? [{ row, label: labels[i] ?? 0 }] : []));
  const widths = sample.map(({ row, label }) => {
    const sums = new Array<number>(k).fill(0);
    const counts = new Array<number>(k).fill(0);
    for (const other of sample) {
      if (other.row === row) continue;
      sums[other.label] = (sums[other.label] ?? 0) + Math.sqrt(squared(row, other.row));
      counts[other.label] = (counts[other.label] ?? 0) + 1;
    }
    if ((counts[label] ?? 0) === 0) return 0;
    const own = (sums[label] ?? 0) / (counts[label] ?? 1);
    const others = sums.flatMap((sum, c) =>
      c !== label && (counts[c] ?? 0) > 0 ? [sum / (counts[c] ?? 1)] : [],
    );
    const nearest = Math.min(...others);
    return Number.isFinite(nearest) && Math.max(own, nearest) > 0
      ? (nearest - own) / Math.max(own, nearest)
      : 0;
  });
  return widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length);
}

function squared(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
}
