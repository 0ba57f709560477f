import { normal } from '../distributions/normal.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';

export interface ProportionDesign {
  readonly baseline: number;
  readonly treatment: number;
  /** Recipients per arm. */
  readonly n: number;
  /** Two-sided significance level. */
  readonly alpha: number;
}

/**
 * The chance that Pearson's test at `alpha` finds the difference in the right direction, with `n` recipients in each
 * of two arms (R's power.prop.test). Refuses `invalid_input`.
 */
export function powerProportions(design: ProportionDesign): OrRefusal<number> {
  const { baseline, treatment, n, alpha } = design;
  const isRate = (p: number) => p > 0 && p < 1;
  if (!isRate(baseline) || !isRate(treatment) || !(n > 0 && n < Infinity) || !(alpha > 0 && alpha < 1)) {
    return refuse('invalid_input', 'Power needs rates and alpha between 0 and 1 and at least one recipient.');
  }
  return normal.cdf(shift(design));
}

/**
 * The smallest rate above the baseline that two arms of `n` recipients find with the wanted power.
 * Refuses `baseline_zero`, `invalid_input`, and `too_few` when not even a rate of 1 would be found.
 */
export function detectableRate(
  plan: Omit<ProportionDesign, 'treatment'> & { readonly power: number },
): OrRefusal<number> {
  const { baseline, n, alpha, power } = plan;
  if (baseline === 0) return refuse('baseline_zero', 'Plan with a baseline rate above zero.');
  const inside = [baseline, alpha, power].every((x) => x > 0 && x < 1) && power > alpha / 2;
  if (!inside || !(n > 0 && n < Infinity)) {
    return refuse(
      'invalid_input',
      'Plan with rates between 0 and 1, a power above alpha / 2 and recipients.',
    );
  }
  const wanted = normal.quantile(power);
  const gap = (treatment: number) => shift({ baseline, treatment, n, alpha }) - wanted;
  if (gap(1) < 0) return refuse('too_few', 'With so few recipients no rate is high enough to be found.');
  return findRoot(gap, baseline, 1);
}

/** Where the true difference puts the test statistic beyond its critical value, in standard errors. */
function shift({ baseline: p1, treatment: p2, n, alpha }: ProportionDesign): number {
  const pooled = Math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2));
  const separate = Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return (Math.sqrt(n) * Math.abs(p1 - p2) - normal.isf(alpha / 2) * pooled) / separate;
}
