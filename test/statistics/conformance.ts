/**
 * Runs the reference cases (inputs and outputs worked out elsewhere) against the public functions.
 * One adapter per reference method; it answers with the keys this library covers.
 */
import { beta } from '../../src/statistics/distributions/beta.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { chiSquared } from '../../src/statistics/distributions/chi-squared.js';
import { f } from '../../src/statistics/distributions/f.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { studentT } from '../../src/statistics/distributions/student-t.js';
import { exactBinomial } from '../../src/statistics/exact-binomial.js';
import { fisherMidP } from '../../src/statistics/fisher-mid-p.js';
import { heterogeneity } from '../../src/statistics/heterogeneity.js';
import { holm } from '../../src/statistics/holm.js';
import { pearson } from '../../src/statistics/pearson.js';
import { detectableRate, powerProportions } from '../../src/statistics/power-proportions.js';
import { isRefusal } from '../../src/statistics/result.js';
import { sampleSizeProportions } from '../../src/statistics/sample-size.js';
import { scoreDifference } from '../../src/statistics/score-difference.js';
import { scoreRatio } from '../../src/statistics/score-ratio.js';
import { skewImbalance } from '../../src/statistics/skew-guard.js';
import { srm } from '../../src/statistics/srm.js';
import { addSums, skewness } from '../../src/statistics/sums.js';
import { waldDifference } from '../../src/statistics/wald-difference.js';
import { wilson } from '../../src/statistics/wilson.js';
import { anovas, contrasts, welchMoments, welchSums } from './mean-adapters.js';
import { compare, type Miss, type ReferenceCase } from './reference-cases.js';
import { count, sides, sums, testOf, type RawCount, type RawSums, type Two } from './reference-inputs.js';

interface Adapter {
  /** Ids in the registry that this reference method judges; empty for the distributions beneath them. */
  readonly covers: readonly string[];
  /** Keys of the reference that this library does not have on purpose. */
  readonly skips?: readonly string[];
  // The reference is untyped JSON; each adapter states the shape it reads.
  run(input: never): Record<string, unknown>;
}

export const distributions: Record<string, Record<string, (...args: number[]) => number>> = {
  norm: normal,
  t: studentT,
  chi2: chiSquared,
  f,
  beta,
  binom: binomial,
};

export const adapters: Readonly<Record<string, Adapter>> = {
  dist: { covers: [], run: distribution },
  'prop.pearson': {
    covers: ['proportion.pearson'],
    run: ({ x, n }: { x: number[]; n: number[] }) =>
      testOf(pearson(x.map((k, i) => count({ x: k, n: n[i]! })))),
  },
  'prop.fisher': {
    covers: ['proportion.fisher_mid_p'],
    skips: ['p_two_sided', 'log_p_two_sided', 'p_greater', 'log_p_greater', 'p_less', 'log_p_less'],
    run: ({ control, treatment }: Two<RawCount>) => {
      const result = fisherMidP(count(control), count(treatment));
      return isRefusal(result) ? {} : { midp_two_sided: result.p };
    },
  },
  'prop.one_sample_ci': {
    covers: ['proportion.wilson'],
    skips: ['agresti_coull', 'clopper_pearson', 'jeffreys'],
    run: (input: RawCount & { level: number }) => ({ wilson: sides(wilson(count(input), input.level)) }),
  },
  'prop.diff_miettinen_nurminen': {
    covers: ['proportion.score_difference'],
    skips: ['z_null', 'p', 'log_p'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = scoreDifference(count(control), count(treatment), level, 'n-1');
      return isRefusal(result) ? {} : { diff: result.value, ci: sides(result) };
    },
  },
  'prop.diff_wald_ac': {
    covers: ['proportion.wald_difference'],
    skips: ['wald_cc', 'agresti_caffo'],
    run: ({ control, treatment, level }: Two<RawCount>) => ({
      wald: sides(waldDifference(count(control), count(treatment), level)),
    }),
  },
  'prop.uplift': {
    covers: ['proportion.score_ratio'],
    skips: ['se_log_ratio', 'log_ci', 'delta_ci', 'fieller_ci', 'log_odds_ratio', 'log_odds_ratio_ci'],
    run: ({ control, treatment, level }: Two<RawCount>) => {
      const result = scoreRatio(count(control), count(treatment), level, 'n-1');
      return isRefusal(result) ? {} : { uplift: result.value, score_ci: sides(result) };
    },
  },
  'mean.welch': {
    covers: ['mean.welch', 'mean.fieller'],
    skips: ['uplift_log_ci_z', 'uplift_delta_ci_z', 'uplift_fieller_ci_z'],
    run: welchMoments,
  },
  'mean.welch_sums': { covers: ['mean.welch'], run: welchSums },
  'mean.anova': { covers: ['mean.welch_anova', 'mean.anova'], run: anovas },
  'mean.skew_guard': {
    covers: ['mean.skew_guard'],
    skips: ['kohavi_n'],
    run: (input: Two<RawSums>) => {
      const [control, treatment] = [sums(input.control), sums(input.treatment)];
      return { skewness: skewness(addSums(control, treatment)), A: skewImbalance(control, treatment) };
    },
  },
  'factorial.contrast': { covers: ['proportion.contrast', 'mean.contrast'], run: contrasts },
  'cohort.heterogeneity': {
    covers: ['cohort.heterogeneity'],
    skips: ['tau2_dl', 'tau2_reml'],
    run: cohorts,
  },
  'mult.adjust': {
    covers: ['multiplicity.holm'],
    skips: ['hochberg', 'bonferroni', 'bh', 'by', 'sidak'],
    run: ({ p }: { p: (number | null)[] }) => ({
      holm: holm(p.map((x) => (x === null ? NaN : Math.log(x)))),
    }),
  },
  'srm.chisq': {
    covers: ['srm.chi_squared'],
    run: ({ observed, weights }: { observed: number[]; weights: number[] }) => {
      const result = srm(observed.map(BigInt), weights);
      return isRefusal(result) ? {} : { ...testOf(result), std_residuals: result.residuals };
    },
  },
  'srm.binomial_exact': {
    covers: ['srm.exact'],
    run: ({ k, n, p }: { k: number; n: number; p: number }) => {
      const result = exactBinomial(k, n, p);
      return isRefusal(result) ? {} : { p: result.p, log_p: result.logP };
    },
  },
  'power.prop': { covers: ['plan.sample_size'], run: powerOfProportions },
  'power.prop_unequal': {
    covers: ['plan.sample_size'],
    run: (input: { p1: number; p2: number; ratio: number; alpha: number; power: number }) => {
      const result = sampleSizeProportions({ ...input, baseline: input.p1, treatment: input.p2 });
      return isRefusal(result) ? {} : { n_control: result.control, n_treatment: result.treatment };
    },
  },
};

/** Whether this library has what the case asks for. */
export function isCovered(reference: ReferenceCase): boolean {
  const input = reference.input as { dist?: string; strict?: boolean };
  if (reference.method === 'dist') return input.dist !== undefined && input.dist in distributions;
  // R's `strict` power adds the chance to reject in the wrong direction, which no plan should count.
  return reference.method in adapters && input.strict !== true;
}

/** What an implementation gets wrong in one case; empty when it conforms. */
export function misses(reference: ReferenceCase): Miss[] {
  const adapter = adapters[reference.method];
  if (!adapter) return [{ path: reference.method, expected: 'an adapter', got: undefined }];
  let got: Record<string, unknown>;
  try {
    got = adapter.run(reference.input as never);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    got = {};
  }
  return Object.entries(reference.expect)
    .filter(([key]) => !adapter.skips?.includes(key))
    .flatMap(([key, expected]) => {
      const tolerance = reference.tolerance.fields?.[key] ?? reference.tolerance;
      return compare(expected, got[key], tolerance, key);
    });
}

function cohorts({ effect, se }: { effect: number[]; se: number[] }): Record<string, unknown> {
  const result = heterogeneity(effect.map((value, i) => ({ value, se: se[i]! })));
  if (isRefusal(result)) return {};
  return {
    fixed: result.fixed.value,
    fixed_se: result.fixed.se,
    Q: result.test.statistic,
    df: result.test.df[0],
    p: result.test.p,
    log_p: result.test.logP,
    I2: result.iSquared,
    tau2_pm: result.tauSquared,
    random_pm: result.random.value,
    random_pm_se: result.random.se,
    shrunk: result.shrunk.map((cohort) => cohort.value),
    shrunk_se: result.shrunk.map((cohort) => cohort.se),
  };
}

function powerOfProportions(input: {
  p1: number;
  p2?: number;
  n?: number;
  power?: number;
  alpha: number;
}): Record<string, unknown> {
  const { p1: baseline, p2: treatment, n, power, alpha } = input;
  if (n !== undefined && treatment !== undefined)
    return { power: powerProportions({ baseline, treatment, n, alpha }) };
  if (n !== undefined) return { p2: detectableRate({ baseline, n, alpha, power: power! }) };
  const sizes = sampleSizeProportions({ baseline, treatment: treatment!, alpha, power: power! });
  return { n: isRefusal(sizes) ? undefined : sizes.control };
}

function distribution(input: {
  dist: string;
  params: number[];
  fn: string;
  x: number;
}): Record<string, unknown> {
  const family = distributions[input.dist]!;
  const name = input.fn === 'ppf' ? 'quantile' : input.fn;
  const log = { cdf: family.logCdf, sf: family.logSf }[input.fn];
  const args = [input.x, ...input.params];
  return { value: family[name]?.(...args), log_value: log?.(...args) };
}
