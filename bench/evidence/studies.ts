import { uniformity } from './aa.js';
import { calibration, posteriors } from './bayes.js';
import { bestArms } from './best.js';
import { cohortQuestions } from './cohort-questions.js';
import { cohortEffects, factorialTests, policies } from './cohorts.js';
import { drift } from './drift.js';
import { factorEffects } from './factors.js';
import { metricFamilies } from './gates.js';
import { lists } from './lists.js';
import { loggedDecisions } from './logged-decisions.js';
import { revenueMeans } from './means.js';
import { modelMeasures } from './model-measures.js';
import { manyArms, winnersCurse } from './multiplicity.js';
import { rateDifferences, rateSizes, rateUplifts } from './rates.js';
import { adjustedIntervals, ratioIntervals } from './ratios.js';
import { revenueReadings } from './revenue-readings.js';
import { peeking, stopping } from './sequential.js';
import { singleRates } from './single-rates.js';
import { rateMargins, smallRates } from './small-rates.js';
import { splitChecks } from './splits.js';
import { unequalSpread } from './spread.js';
import { sampleRatio } from './srm.js';
import type { Study } from './study.js';
import { upliftRankings } from './uplift-rankings.js';
import { giveUp, watching } from './watching.js';

/** All studies by what they are about, in the order of the page. */
export const chapters: Readonly<Record<string, readonly Study[]>> = {
  'p-values': [uniformity],
  Rates: [rateSizes, smallRates, rateMargins, singleRates, rateDifferences, rateUplifts],
  'Means and ratios': [revenueMeans, revenueReadings, unequalSpread, ratioIntervals, adjustedIntervals],
  'Many comparisons': [manyArms, bestArms, metricFamilies, winnersCurse],
  'Factors, cohorts, rules': [factorialTests, factorEffects, cohortEffects, cohortQuestions, policies],
  'Looking while it runs': [peeking, stopping, watching, giveUp],
  'The split': [sampleRatio, splitChecks],
  'Bayesian readout': [posteriors, calibration],
  // New studies come last: the seed of each follows from its place.
  'Models and policies': [modelMeasures, lists, upliftRankings, drift, loggedDecisions],
};

export const studies: readonly Study[] = Object.values(chapters).flat();
