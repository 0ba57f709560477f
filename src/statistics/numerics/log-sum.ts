/** log(e^a + e^b), without overflow and for -Infinity, too. */
export function logSum(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return high === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}
