import type { Adapters } from './adapter.js';
import { adjustmentAdapters } from './adjustment.js';
import { bayesAdapters } from './bayes.js';
import { cohortAdapters } from './cohorts.js';
import { distributionAdapters } from './distributions.js';
import { factorialAdapters } from './factorial.js';
import { meanAdapters } from './means.js';
import { multiplicityAdapters } from './multiplicity.js';
import { policyAdapters } from './policy.js';
import { powerAdapters } from './power.js';
import { proportionAdapters } from './proportions.js';
import { ratioAdapters } from './ratios.js';
import { sequentialAdapters } from './sequential.js';
import { srmAdapters } from './srm.js';

/** Every adapter, by id of the reference method. */
export const adapters: Adapters = {
  ...proportionAdapters,
  ...meanAdapters,
  ...ratioAdapters,
  ...adjustmentAdapters,
  ...sequentialAdapters,
  ...srmAdapters,
  ...factorialAdapters,
  ...multiplicityAdapters,
  ...cohortAdapters,
  ...policyAdapters,
  ...powerAdapters,
  ...bayesAdapters,
  ...distributionAdapters,
};
