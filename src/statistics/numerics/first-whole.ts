/**
 * The smallest whole number in (from, to] for which a condition holds that holds from there on, by bisection. At `to`
 * it is taken to hold and not asked for.
 */
export function firstWhole(holds: (k: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
