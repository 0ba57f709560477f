const words = 2n ** 32n;

/**
 * Where each arm's range of words ends: `floor(2^32 * cumulativeWeight / totalWeight)`, in whole numbers. An arm
 * of weight 0 ends where it starts; the last end is 2^32. Throws RangeError for weights that split nothing.
 */
export function rangeEnds(weights: readonly number[]): number[] {
  const whole = weights.map((weight, i) => {
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new RangeError(`weights[${i}] is ${weight}: a weight is a whole number from 0 to 2^53 - 1`);
    }
    return BigInt(weight);
  });
  const total = whole.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw new RangeError('the weights add up to 0: give at least one arm a weight');
  let cumulative = 0n;
  return whole.map((weight) => {
    cumulative += weight;
    return Number((words * cumulative) / total);
  });
}
