import { anova } from '../../src/statistics/anova.js';
import { contrast } from '../../src/statistics/contrast.js';
import { fieller } from '../../src/statistics/fieller.js';
import { isRefusal } from '../../src/statistics/result.js';
import { mean, variance } from '../../src/statistics/sums.js';
import { welch } from '../../src/statistics/welch.js';
import { welchAnova } from '../../src/statistics/welch-anova.js';
import { fromMoments, placesFor, type Moments } from './moments.js';
import { binary, sides, sums, type RawCount, type RawSums, type Two } from './reference-inputs.js';

export function welchMoments(input: Two<Moments>): Record<string, unknown> {
  const places = placesFor([input.control, input.treatment]);
  const unit = 10 ** places;
  const [control, treatment] = [fromMoments(input.control, places), fromMoments(input.treatment, places)];
  const uplift = fieller(control, treatment, input.level);
  const result = welch(control, treatment, input.level);
  const diff = (mean(treatment) - mean(control)) / unit;
  if (isRefusal(result)) return { diff };
  const { value, se, interval } = result.difference;
  return {
    diff: value / unit,
    se: se / unit,
    t: result.test.statistic,
    df: result.test.df[0],
    ci: [interval.lower / unit, interval.upper / unit],
    p: result.test.p,
    log_p: result.test.logP,
    uplift: mean(treatment) / mean(control) - 1,
    uplift_fieller_ci_t: sides(uplift),
  };
}

export function welchSums(input: Two<RawSums>): Record<string, unknown> {
  const [control, treatment] = [sums(input.control), sums(input.treatment)];
  const result = welch(control, treatment, input.level);
  if (isRefusal(result)) return {};
  return {
    diff: result.difference.value,
    se: result.difference.se,
    t: result.test.statistic,
    df: result.test.df[0],
    ci: sides(result.difference),
    p: result.test.p,
    log_p: result.test.logP,
    var_control: variance(control),
    var_treatment: variance(treatment),
  };
}

export function anovas({ arms }: { arms: Moments[] }): Record<string, unknown> {
  const places = placesFor(arms);
  const all = arms.map((arm) => fromMoments(arm, places));
  const [classic, robust] = [anova(all), welchAnova(all)];
  if (isRefusal(classic) || isRefusal(robust)) return {};
  const [df1 = NaN, df2 = NaN] = classic.df;
  const explained = classic.statistic * df1;
  return {
    F: classic.statistic,
    df1,
    df2,
    eta_sq: explained / (explained + df2),
    p: classic.p,
    log_p: classic.logP,
    welch_F: robust.statistic,
    welch_df2: robust.df[1],
    welch_p: robust.p,
    log_welch_p: robust.logP,
  };
}

export function contrasts(input: {
  kind: 'prop' | 'mean';
  level: number;
  weights: number[];
  cells: (RawCount | Moments)[];
}): Record<string, unknown> {
  const isMean = input.kind === 'mean';
  const places = isMean ? placesFor(input.cells as Moments[]) : 0;
  const cells = input.cells.map((cell) => ('x' in cell ? binary(cell) : fromMoments(cell, places)));
  const result = contrast(isMean ? 'mean' : 'proportion', cells, input.weights, input.level);
  if (isRefusal(result)) return {};
  const unit = 10 ** places;
  const { value, se, interval } = result.estimate;
  return {
    estimate: value / unit,
    se: se / unit,
    df: result.test.df[0],
    [isMean ? 't' : 'z']: result.test.statistic,
    ci: [interval.lower / unit, interval.upper / unit],
    p: result.test.p,
    log_p: result.test.logP,
  };
}
