import { anova } from '../../../src/statistics/means/anova.js';
import { commonCap } from '../../../src/statistics/means/common-cap.js';
import { meanDeltaUplift } from '../../../src/statistics/means/delta-uplift.js';
import { fieller, meanUplift } from '../../../src/statistics/means/fieller.js';
import { logUplift } from '../../../src/statistics/means/log-uplift.js';
import { quantiles } from '../../../src/statistics/means/quantile.js';
import { skewDiagnosis } from '../../../src/statistics/means/skew-guard.js';
import { student } from '../../../src/statistics/means/student.js';
import { twoPart, type LogRatio } from '../../../src/statistics/means/two-part.js';
import {
  meanDifference,
  unfitForMeans,
  welch,
  type MeanComparison,
} from '../../../src/statistics/means/welch.js';
import { welchAnova } from '../../../src/statistics/means/welch-anova.js';
import { winsorWelch } from '../../../src/statistics/means/winsor-welch.js';
import { isRefusal, type OrRefusal } from '../../../src/statistics/result.js';
import { impossibleSums, variance, type OutcomeSums } from '../../../src/statistics/sums.js';
import type { Adapters } from './adapter.js';
import { exactSums, type Moments } from './moments.js';
import { sides, sums, whole, type RawSums, type Two } from './reference-inputs.js';

type Answers = Record<string, unknown>;
type RawBuyers = RawSums & { buyers: number };

export const meanAdapters: Adapters = {
  'mean.welch': {
    covers: ['mean.welch', 'mean.fieller', 'mean.log_uplift', 'mean.delta_uplift'],
    run: welchMoments,
  },
  'mean.welch_sums': {
    covers: ['mean.welch'],
    run: (input: Two<RawSums>) => {
      const [control, treatment] = [sums(input.control), sums(input.treatment)];
      return {
        ...pointAnswers(control, treatment, 1),
        ...testAnswers(welch(control, treatment, input.level), 1),
        var_control: varianceOf(control),
        var_treatment: varianceOf(treatment),
      };
    },
  },
  'mean.student': {
    covers: ['mean.student'],
    run: (input: Two<Moments>) => {
      const { control, treatment, unit } = two(input);
      const result = student(control, treatment, input.level);
      return { ...pointAnswers(control, treatment, unit), ...testAnswers(result, unit) };
    },
  },
  'mean.anova': { covers: ['mean.welch_anova', 'mean.anova'], run: anovas },
  'mean.two_part': { covers: ['mean.two_part'], run: twoParts },
  'mean.winsor_welch': { covers: ['mean.winsor_welch', 'mean.common_cap'], run: winsor },
  'mean.skew_guard': {
    covers: ['mean.skew_guard'],
    run: (input: Two<RawSums>) => {
      const result = skewDiagnosis(sums(input.control), sums(input.treatment));
      if (isRefusal(result)) return {};
      return { skewness: result.skewness, A: result.imbalance, kohavi_n: result.recipientsForNormality };
    },
  },
  'quantile.type7': {
    covers: ['quantile.type7'],
    run: ({ x, probs, level }: { x: number[]; probs: number[]; level: number }) => {
      const result = quantiles(x, probs, level);
      if (isRefusal(result)) return {};
      return {
        quantiles: result.quantiles.map(({ value }) => value),
        ci_ranks: result.quantiles.map(({ ranks }) => ranks),
      };
    },
  },
};

function two(input: Two<Moments>): { control: OutcomeSums; treatment: OutcomeSums; unit: number } {
  const { arms, unit } = exactSums([input.control, input.treatment]);
  return { control: arms[0]!, treatment: arms[1]!, unit };
}

function welchMoments(input: Two<Moments>): Answers {
  const { control, treatment, unit } = two(input);
  const { level } = input;
  return {
    ...pointAnswers(control, treatment, unit),
    ...testAnswers(welch(control, treatment, level), unit),
    uplift_log_ci_z: sides(logUplift(control, treatment, level)),
    uplift_delta_ci_z: sides(meanDeltaUplift(control, treatment, level)),
    uplift_fieller_ci_z: sides(fieller(control, treatment, level, 'normal')),
    uplift_fieller_ci_t: sides(fieller(control, treatment, level)),
  };
}

/** What is known even where no test is. */
function pointAnswers(control: OutcomeSums, treatment: OutcomeSums, unit: number): Answers {
  if (impossibleSums(control) ?? impossibleSums(treatment)) return {};
  if (control.n === 0n || treatment.n === 0n) return {};
  return {
    diff: meanDifference(control, treatment) * unit,
    uplift: control.sum === 0n ? undefined : meanUplift(control, treatment),
  };
}

function testAnswers(result: OrRefusal<MeanComparison>, unit: number): Answers {
  if (isRefusal(result)) return {};
  const { difference, test } = result;
  return {
    diff: difference.value * unit,
    se: difference.se * unit,
    t: test.statistic,
    df: test.df[0],
    ci: [difference.interval.lower * unit, difference.interval.upper * unit],
    p: test.p,
    log_p: test.logP,
  };
}

function varianceOf(arm: OutcomeSums): number | undefined {
  return unfitForMeans([arm]) ? undefined : variance(arm);
}

function anovas({ arms: raw }: { arms: Moments[] }): Answers {
  const { arms } = exactSums(raw);
  const [classic, robust] = [anova(arms), welchAnova(arms)];
  return {
    ...(isRefusal(classic)
      ? {}
      : {
          F: classic.statistic,
          df1: classic.df[0],
          df2: classic.df[1],
          eta_sq: classic.etaSquared,
          p: classic.p,
          log_p: classic.logP,
        }),
    ...(isRefusal(robust)
      ? {}
      : {
          welch_F: robust.statistic,
          welch_df2: robust.df[1],
          welch_p: robust.p,
          log_welch_p: robust.logP,
        }),
  };
}

function twoParts(input: { control: RawBuyers; treatment: RawBuyers; level?: number }): Answers {
  const arm = (raw: RawBuyers) => ({ ...sums(raw), nonZero: whole(raw.buyers) });
  const result = twoPart(arm(input.control), arm(input.treatment), input.level ?? 0.95);
  if (isRefusal(result)) return {};
  const part = (name: string, ratio: OrRefusal<LogRatio>) =>
    isRefusal(ratio)
      ? {}
      : { [`log_ratio_${name}`]: ratio.value, [`se_log_ratio_${name}`]: ratio.se, [`z_${name}`]: ratio.z };
  const { test } = result;
  return {
    ...part('conversion', result.conversion),
    ...part('value', result.value),
    ...part('rpr', result.revenue),
    ...(isRefusal(test) ? {} : { chi2: test.statistic, p: test.p, log_p: test.logP }),
  };
}

function winsor(input: {
  control: number[];
  treatment: number[];
  cap_quantile: number;
  level: number;
}): Answers {
  const found = commonCap([input.control, input.treatment], input.cap_quantile);
  if (isRefusal(found)) return {};
  const result = winsorWelch(input.control, input.treatment, found.cap, input.level);
  if (isRefusal(result)) return { cap: found.cap };
  return {
    ...testAnswers(result, 1),
    cap: result.cap,
    capped_control: result.control.recipients,
    capped_treatment: result.treatment.recipients,
  };
}
