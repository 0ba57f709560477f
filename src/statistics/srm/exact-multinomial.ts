/** More tables than this are not listed (it takes about a tenth of a second). */
export const MOST_TABLES = 5_000_000;

/** In how many ways `total` recipients can fall into `arms` arms: C(total + arms - 1, arms - 1), as a double. */
export function tableCount(total: number, arms: number): number {
  let count = 1;
  for (let i = 1; i < arms; i += 1) count *= (total + i) / i;
  return count;
}

/**
 * log of the exact multinomial p-value: the summed probability of all tables no likelier than the observed one.
 * `probabilities` are above zero and add up to 1. Lists every table, so check `tableCount` first.
 */
export function logExactMultinomial(observed: readonly number[], probabilities: readonly number[]): number {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const logFactorial = [0];
  for (let i = 1; i <= total; i += 1) logFactorial.push((logFactorial[i - 1] ?? 0) + Math.log(i));
  const logs = probabilities.map(Math.log);
  const term = (arm: number, count: number) => count * (logs[arm] ?? 0) - (logFactorial[count] ?? 0);
  const observedLog = observed.reduce((sum, count, arm) => sum + term(arm, count), 0);
  const last = probabilities.length - 1;
  let sum = 0;
  const visit = (arm: number, left: number, log: number): void => {
    // Arms that get nobody add nothing.
    if (arm === last || left === 0) {
      const gap = log + term(arm, left) - observedLog;
      if (gap <= 1e-7) sum += Math.exp(gap);
      return;
    }
    for (let count = 0; count <= left; count += 1) visit(arm + 1, left - count, log + term(arm, count));
  };
  visit(0, total, 0);
  return Math.min(0, observedLog + (logFactorial[total] ?? 0) + Math.log(sum));
}
