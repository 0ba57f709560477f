/** Weights in the same proportions with mean 1, so that limits on leaves and penalties mean the same whatever they were counted in. */
export function meanOne(weights: Float64Array): Float64Array {
  // By the largest first: a sum of weights may be beyond what a number holds.
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  const parts = weights.map((weight) => weight / largest);
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  return parts.map((part) => part / mean);
}
