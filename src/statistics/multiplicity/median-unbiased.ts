import { normal } from '../distributions/normal.js';
import { findRoot } from '../numerics/find-root.js';
import { quickMills } from './quick-tail.js';

/**
 * How far above the bar c the mean μ of a normal variable of variance 1 must lie so that a value at c + excess or above
 * has the probability exp(logUpper) among those that were selected: those above c, or with `twoSided` beyond c or -c.
 * With logUpper = log ½ the value is then the median of what could be selected. Below zero for a mean below the bar.
 * Needs excess > 0, c >= 0; -Infinity if it lies below all doubles. Zhong & Prentice (2008).
 */
export function meanOverBar(excess: number, c: number, twoSided: boolean, logUpper: number): number {
  const miss = (over: number) => logSelectedTail(excess, c, twoSided, over) - logUpper;
  // Without selection; to allow for it lowers the mean.
  let to = excess - normal.isf(Math.exp(logUpper));
  for (let step = 1e-9; miss(to) < 0; step *= 2) to += step;
  let from = to - 1;
  for (let step = 2; miss(from) > 0; step *= 2) {
    if (from === -Infinity) return from;
    [from, to] = [from - step, from];
  }
  return findRoot(miss, from, to);
}

/** log P(Z > c + excess | selected), Z around c + over. */
function logSelectedTail(excess: number, c: number, twoSided: boolean, over: number): number {
  const conditional = logTailRatio(-over, excess);
  if (!twoSided) return conditional;
  // P(Z < -c) / P(Z > c)
  const other =
    over > -c ? logTailRatio(-over, 2 * (c + over)) : -logTailRatio(2 * c + over, -2 * (c + over));
  return conditional - (other > 700 ? other : Math.log1p(Math.exp(other)));
}

/** log P(Z > a + more) / P(Z > a), more >= 0, where the two logarithms may agree in all digits. */
function logTailRatio(a: number, more: number): number {
  if (a < 0) return normal.logSf(a + more) - normal.logSf(a);
  return Math.log(quickMills(a + more) / quickMills(a)) - more * (a + more / 2);
}
