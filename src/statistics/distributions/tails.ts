/**
 * Both tail probabilities of one point and their natural logarithms; neither is made as one minus the other's rounding.
 */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
  readonly logLower: number;
  readonly logUpper: number;
}

/** log(1 - exp(x)) for x <= 0, accurate at both ends (Mächler 2012). */
export function logOneMinusExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** Both tails from the logarithm of the lower one. */
export function tailsFromLogLower(logLower: number): Tails {
  const log = Math.min(logLower, 0);
  return { lower: Math.exp(log), upper: -Math.expm1(log), logLower: log, logUpper: logOneMinusExp(log) };
}

/** The same distribution seen from the other side. */
export function flipTails(tails: Tails): Tails {
  return {
    lower: tails.upper,
    upper: tails.lower,
    logLower: tails.logUpper,
    logUpper: tails.logLower,
  };
}

export const allBelow: Tails = { lower: 1, upper: 0, logLower: 0, logUpper: -Infinity };
export const allAbove: Tails = { lower: 0, upper: 1, logLower: -Infinity, logUpper: 0 };
