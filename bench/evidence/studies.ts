import { uniformity } from './aa.js';
import { revenueMeans } from './means.js';
import { rateDifferences, rateSizes, rateUplifts } from './rates.js';
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
  peeking,
  stopping,
  sampleRatio,
];
