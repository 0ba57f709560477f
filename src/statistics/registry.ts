import { ArgumentError } from './argument-error.js';
import { proportionsMethods } from './proportions/methods.js';
import { meansMethods } from './means/methods.js';
import { ratiosMethods } from './ratios/methods.js';
import { adjustmentMethods } from './adjustment/methods.js';
import { sequentialMethods } from './sequential/methods.js';
import { srmMethods } from './srm/methods.js';
import { factorialMethods } from './factorial/methods.js';
import { multiplicityMethods } from './multiplicity/methods.js';
import { cohortsMethods } from './cohorts/methods.js';
import { policyMethods } from './policy/methods.js';
import { powerMethods } from './power/methods.js';
import { bayesMethods } from './bayes/methods.js';
import type { Method } from './method.js';

/** A folder of methods that answer the same kind of question. */
export interface Family {
  /** Name of the folder. */
  readonly room: string;
  readonly title: string;
  readonly methods: readonly Method[];
}

/** All families, in the order of the documentation. */
export const families: readonly Family[] = [
  { room: 'proportions', title: 'Rates of two and more arms', methods: proportionsMethods },
  { room: 'means', title: 'Means of two and more arms', methods: meansMethods },
  { room: 'ratios', title: 'Ratios of two outcomes', methods: ratiosMethods },
  { room: 'adjustment', title: 'Adjustment for what was known before the send', methods: adjustmentMethods },
  { room: 'sequential', title: 'Looking while the experiment runs', methods: sequentialMethods },
  { room: 'srm', title: 'Sample ratio mismatch', methods: srmMethods },
  { room: 'factorial', title: 'Several factors at once', methods: factorialMethods },
  { room: 'multiplicity', title: 'Many comparisons', methods: multiplicityMethods },
  { room: 'cohorts', title: 'Cohorts', methods: cohortsMethods },
  { room: 'policy', title: 'Who should get what', methods: policyMethods },
  { room: 'power', title: 'Planning', methods: powerMethods },
  { room: 'bayes', title: 'Bayesian readout', methods: bayesMethods },
];

/** Every method of this library. */
export const methods: readonly Method[] = families.flatMap((family) => family.methods);

/** The method with this id; throws an `ArgumentError` if there is none. */
export function methodOf(id: string): Method {
  const method = methods.find((one) => one.id === id);
  if (method) return method;
  throw new ArgumentError('id', `must be the id of a statistical method, which "${id}" is not`);
}
