import betaCdf from '@stdlib/stats-base-dists-beta-cdf';
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import chisquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import jstat from 'jstat';
import { cumulativeStdNormalProbability, probit } from 'simple-statistics';

const compiled = (file) =>
  import(new URL(`../dist/src/statistics/distributions/${file}.js`, import.meta.url));
const { beta } = await compiled('beta');
const { chiSquared } = await compiled('chi-squared');
const { f } = await compiled('f');
const { normal } = await compiled('normal');
const { studentT } = await compiled('student-t');

const { jStat } = jstat;

/** A library without a function for the upper tail is asked for what its users would write. */
function fromCdf(cdf, quantile) {
  return {
    cdf,
    sf: (x, ...shape) => 1 - cdf(x, ...shape),
    quantile,
    isf: (p, ...shape) => quantile(1 - p, ...shape),
  };
}

/** Functions by library and distribution, named as in the grid of values. */
export const libraries = [
  { name: 'Postulate', norm: normal, t: studentT, chi2: chiSquared, f, beta },
  {
    name: 'jstat 1.9.6',
    norm: fromCdf(
      (x) => jStat.normal.cdf(x, 0, 1),
      (p) => jStat.normal.inv(p, 0, 1),
    ),
    t: fromCdf(jStat.studentt.cdf, jStat.studentt.inv),
    chi2: fromCdf(jStat.chisquare.cdf, jStat.chisquare.inv),
    f: fromCdf(
      (x, d1, d2) => jStat.centralF.cdf(x, d1, d2),
      (p, d1, d2) => jStat.centralF.inv(p, d1, d2),
    ),
    beta: fromCdf(jStat.beta.cdf, jStat.beta.inv),
  },
  { name: 'simple-statistics 7.12.1', norm: fromCdf(cumulativeStdNormalProbability, probit) },
  {
    name: '@stdlib 0.2 and 0.3',
    norm: fromCdf(
      (x) => normalCdf(x, 0, 1),
      (p) => normalQuantile(p, 0, 1),
    ),
    t: fromCdf(tCdf, tQuantile),
    chi2: fromCdf(chisquareCdf, chisquareQuantile),
    f: fromCdf(fCdf, fQuantile),
    beta: fromCdf(betaCdf, betaQuantile),
  },
];
