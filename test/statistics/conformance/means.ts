import { skewImbalance } from '../../../src/statistics/means/skew-guard.js';
import { addSums, skewness } from '../../../src/statistics/sums.js';
import type { Adapters } from './adapter.js';
import { anova } from '../../../src/statistics/means/anova.js';
import { fieller } from '../../../src/statistics/means/fieller.js';
import { isRefusal } from '../../../src/statistics/result.js';
import { mean, variance } from '../../../src/statistics/sums.js';
import { welch } from '../../../src/statistics/means/welch.js';
import { welchAnova } from '../../../src/statistics/means/welch-anova.js';
import { fromMoments, placesFor, type Moments } from './moments.js';
import { sides, sums, type RawSums, type Two } from './reference-inputs.js';

export const meanAdapters: Adapters = {
  'mean.welch': {
    covers: ['mean.welch', 'mean.fieller'],
    run: welchMoments,
  },
  'mean.welch_sums': { covers: ['mean.welch'], run: welchSums },
  'mean.anova': { covers: ['mean.welch_anova', 'mean.anova'], run: anovas },
  'mean.skew_guard': {
    covers: ['mean.skew_guard'],
    run: (input: Two<RawSums>) => {
      const [control, treatment] = [sums(input.control), sums(input.treatment)];
      return { skewness: skewness(addSums(control, treatment)), A: skewImbalance(control, treatment) };
    },
  },
};

function welchMoments(input: Two<Moments>): Record<string, unknown> {
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

function welchSums(input: Two<RawSums>): Record<string, unknown> {
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

function anovas({ arms }: { arms: Moments[] }): Record<string, unknown> {
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
