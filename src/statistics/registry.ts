import type { Method, Need } from './method.js';

const COUNTS: readonly Need[] = ['n', 'nonZero'];
const MEANS: readonly Need[] = ['n', 'sum', 'sumSquares'];

/** Every method of this library, in the order of the documentation. */
export const methods: readonly Method[] = [
  {
    id: 'proportion.pearson',
    title: "Pearson's chi-squared test of equal rates",
    needs: COUNTS,
    reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2',
  },
  {
    id: 'proportion.fisher_mid_p',
    title: "Fisher's exact test of two rates, mid-p form",
    needs: COUNTS,
    reference: 'Lancaster (1961); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.5.6',
  },
  {
    id: 'proportion.mid_p_guard',
    title: "Two rates with few expected: the larger p-value of Pearson's test and Fisher's mid-p",
    needs: COUNTS,
    reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2 and 3.5.6',
  },
  {
    id: 'proportion.score_difference',
    title: 'Difference of two rates with score interval',
    needs: COUNTS,
    reference: 'Mee (1984); Miettinen & Nurminen (1985)',
  },
  {
    id: 'proportion.score_ratio',
    title: 'Uplift of a rate with score interval',
    needs: COUNTS,
    reference: 'Koopman (1984); Miettinen & Nurminen (1985)',
  },
  {
    id: 'proportion.wald_difference',
    title: 'Difference of two rates with Wald interval (for comparison with other tools)',
    needs: COUNTS,
    reference: 'Agresti & Caffo (2000)',
  },
  {
    id: 'proportion.wilson',
    title: 'Rate of one arm with score interval',
    needs: COUNTS,
    reference: 'Wilson (1927)',
  },
  {
    id: 'mean.interval',
    title: 'Mean of one arm with t interval',
    needs: MEANS,
    reference: 'Student (1908)',
  },
  { id: 'mean.welch', title: "Welch's t test of two means", needs: MEANS, reference: 'Welch (1947)' },
  {
    id: 'mean.fieller',
    title: "Uplift of a mean with Fieller's interval",
    needs: MEANS,
    reference: 'Fieller (1954)',
  },
  {
    id: 'mean.welch_anova',
    title: "Welch's analysis of variance of several means",
    needs: MEANS,
    reference: 'Welch (1951)',
  },
  {
    id: 'mean.anova',
    title: 'Classic analysis of variance (for comparison)',
    needs: MEANS,
    reference: 'Fisher (1925)',
  },
  {
    id: 'mean.skew_guard',
    title: 'Warning about skewed outcomes in unequal arms',
    needs: [...MEANS, 'sumCubes'],
    reference: 'Hall (1992); Kohavi et al. (2014), rule 7',
  },
  {
    id: 'proportion.contrast',
    title: 'Contrast of cell rates',
    needs: COUNTS,
    reference: 'Wu & Hamada, Experiments, 3rd ed. (2021), ch. 4; Agresti & Caffo (2000)',
  },
  {
    id: 'mean.contrast',
    title: 'Contrast of cell means',
    needs: MEANS,
    reference: 'Satterthwaite (1946)',
  },
  {
    id: 'proportion.joint_contrasts',
    title: 'Several contrasts of cell rates at once',
    needs: COUNTS,
    reference: 'Wald (1943)',
  },
  {
    id: 'mean.joint_contrasts',
    title: 'Several contrasts of cell means at once',
    needs: MEANS,
    reference: 'Johansen (1980)',
  },
  {
    id: 'cohort.heterogeneity',
    title: 'Differences of an effect between cohorts, and shrunken effects',
    needs: ['effects'],
    reference: 'Cochran (1954); Paule & Mandel (1982)',
  },
  {
    id: 'cohort.rates',
    title: 'Differences of two rates in cohorts, as the comparison of cohorts weighs them',
    needs: COUNTS,
    reference: 'Greenland & Robins (1985)',
  },
  {
    id: 'multiplicity.holm',
    title: "Holm's adjustment for several tests",
    needs: ['p_values'],
    reference: 'Holm (1979)',
  },
  {
    id: 'srm.chi_squared',
    title: 'Sample ratio mismatch',
    needs: ['n', 'planned_weights'],
    reference: 'Fabijan et al. (2019)',
  },
  {
    id: 'srm.exact',
    title: 'Sample ratio mismatch with few recipients',
    needs: ['n', 'planned_weights'],
    reference: 'Exact binomial and multinomial test',
  },
  {
    id: 'plan.sample_size',
    title: 'Recipients needed to tell two rates or two means apart',
    needs: ['planned_rates'],
    reference: 'Fleiss (1981); power.prop.test of R',
  },
];
