import { uniformity } from './aa.js';
import { cohortEffects, factorialTests, policies } from './cohorts.js';
import { revenueMeans } from './means.js';
import { manyArms, winnersCurse } from './multiplicity.js';
import { rateDifferences, rateSizes, rateUplifts } from './rates.js';
import { adjustedIntervals, ratioIntervals } from './ratios.js';
import { peeking, stopping } from './sequential.js';
import { sampleRatio } from './srm.js';
import type { Study } from './study.js';

/** All studies, in the order of the page. */
export const studies: readonly Study[] = [
  uniformity,
  rateSizes,
  rateDifferences,
  rateUplifts,
  revenueMeans,
  ratioIntervals,
  adjustedIntervals,
  manyArms,
  winnersCurse,
  factorialTests,
  cohortEffects,
  policies,
  peeking,
  stopping,
  sampleRatio,
];
