/**
 * Holm's (1979) adjusted p-values, in the order given, from natural logarithms of p-values (so that 1e-400 and 1e-500
 * still rank). `planned` is the number of tests planned, at least those given: tests that were refused count too.
 * Throws a RangeError for NaN, a log above 0, or fewer planned tests than given: these are faults of the caller, and
 * dropping them silently would make the other p-values too small.
 */
export function holm(logPs: readonly number[], planned: number = logPs.length): number[] {
  if (!(planned >= logPs.length)) throw new RangeError('Fewer tests were planned than p-values given.');
  if (!logPs.every((logP) => logP <= 0)) throw new RangeError('A p-value is missing or above 1.');
  const order = logPs.map((_, index) => index).sort((i, j) => compare(logPs[i] ?? 0, logPs[j] ?? 0));
  const adjusted = new Array<number>(logPs.length);
  let highest = -Infinity;
  order.forEach((index, rank) => {
    highest = Math.max(highest, (logPs[index] ?? 0) + Math.log(planned - rank));
    adjusted[index] = Math.exp(Math.min(0, highest));
  });
  return adjusted;
}

/** Subtracting would make NaN of two logs of -Infinity. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
