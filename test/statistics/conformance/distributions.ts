import { beta } from '../../../src/statistics/distributions/beta.js';
import { binomial } from '../../../src/statistics/distributions/binomial.js';
import { chiSquared } from '../../../src/statistics/distributions/chi-squared.js';
import { f } from '../../../src/statistics/distributions/f.js';
import { noncentralChiSquared } from '../../../src/statistics/distributions/noncentral-chi-squared.js';
import { noncentralF } from '../../../src/statistics/distributions/noncentral-f.js';
import { noncentralT } from '../../../src/statistics/distributions/noncentral-t.js';
import { normal } from '../../../src/statistics/distributions/normal.js';
import { studentT } from '../../../src/statistics/distributions/student-t.js';
import { studentizedRange } from '../../../src/statistics/distributions/studentized-range.js';
import type { Adapters } from './adapter.js';

export const distributions: Record<string, Record<string, (...args: number[]) => number>> = {
  norm: normal,
  t: studentT,
  chi2: chiSquared,
  f,
  beta,
  binom: binomial,
  nct: noncentralT,
  ncchi2: noncentralChiSquared,
  ncf: noncentralF,
  tukey: studentizedRange,
};

export const distributionAdapters: Adapters = {
  dist: { covers: [], run: distribution },
  'dist.tukey': { covers: [], run: (input: object) => distribution({ dist: 'tukey', ...input } as Input) },
};

interface Input {
  dist: string;
  params: number[];
  fn: string;
  x: number;
}

function distribution(input: Input): Record<string, unknown> {
  const family = distributions[input.dist];
  if (!family) return {};
  const name = input.fn === 'ppf' ? 'quantile' : input.fn;
  const log = { cdf: family.logCdf, sf: family.logSf }[input.fn];
  const args = [input.x, ...input.params];
  return { value: family[name]?.(...args), log_value: log?.(...args) };
}
