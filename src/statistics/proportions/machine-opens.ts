import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rate, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import {
  isRefusal,
  refuse,
  type Estimate,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../result.js';
import { pearson } from './pearson.js';
import { rateVariance } from './wald-difference.js';

/** Which part of the recipients has its mail opened by a machine, whether they read it or not. */
export interface MachineShare {
  /** In [0, 1). */
  readonly share: number;
  /** Recipients that the share was found in. */
  readonly n: bigint;
}

export interface HumanOpens extends Estimate {
  /** Observed open rate, machines included. */
  readonly observed: number;
  readonly se: number;
  readonly warnings: readonly Warning[];
}

/**
 * Open rate of humans, where machines open everything in a share m of the mailboxes: (observed - m) / (1 - m), Rogan
 * and Gladen's correction with sensitivity 1 and specificity 1 - m. The standard error includes that of m, found in
 * its own sample. Where fewer opened than machines alone should have, the estimate is set to 0 and `clipped` is warned;
 * the interval is cut at 0 and 1. Only sound if m is the same in all arms (`machineShareTest`), and never a primary
 * outcome. Refuses `invalid_input`, `empty_arm` (also nobody to find m in) and `no_variation` (m = 1, or a standard
 * error of zero). Rogan & Gladen (1978).
 */
export function roganGladen(opens: Count, machines: MachineShare, level: number): OrRefusal<HumanOpens> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([opens]) ?? impossibleShare(machines);
  if (impossible) return impossible;
  const { share } = machines;
  const observed = rate(opens);
  const human = 1 - share;
  const plain = (observed - share) / human;
  const spreadOfShare = (share * human) / Number(machines.n);
  const se = Math.sqrt(rateVariance(opens) + ((1 - observed) / human) ** 2 * spreadOfShare) / human;
  if (se === 0) return refuse('no_variation', 'Everybody or nobody opened, so the standard error is zero.');
  const half = normal.isf((1 - level) / 2) * se;
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  const interval = { lower: cut(plain - half), upper: cut(plain + half), level };
  return { value: cut(plain), observed, se, interval, warnings: plain < 0 ? [CLIPPED] : [] };
}

const CLIPPED: Warning = {
  code: 'clipped',
  message: 'Fewer opened than machines alone should have: the rate of human opens is set to 0.',
};

function impossibleShare({ share, n }: MachineShare) {
  if (!(share >= 0 && share <= 1)) {
    return refuse('invalid_input', 'The machine share must lie between 0 and 1.');
  }
  if (n < 0n) return refuse('invalid_input', 'The sample of the machine share cannot be negative.');
  if (n === 0n) return refuse('empty_arm', 'The machine share was found in nobody.');
  if (share === 1) {
    return refuse('no_variation', 'Machines open everything, so opens say nothing about humans.');
  }
  return undefined;
}

/**
 * Pearson's test that machines open in the same share of the recipients in all arms (one count for each arm: recipients
 * flagged as machine-opened, of all assigned). A small p forbids `roganGladen`, whose m must be common.
 * Refuses and warns as `pearson`, but if machines opened nothing, or everything, in all arms, that is `no_variation`.
 */
export function machineShareTest(flagged: readonly Count[]): OrRefusal<TestResult> {
  const test = pearson(flagged);
  return isRefusal(test) ? test : { ...test, method: 'proportion.machine_share' };
}

export const roganGladenMethod = {
  id: 'proportion.rogan_gladen',
  title: 'Open rate without machine opens',
  needs: ['n', 'nonZero'],
  parameters: [
    {
      name: 'machines',
      meaning: 'share in [0, 1) of recipients whose mail a machine opens, and the n behind it',
    },
    LEVEL,
  ],
  reference: 'Rogan & Gladen, American Journal of Epidemiology 107 (1978) 71',
  compute: roganGladen,
} as const satisfies Method;

export const machineShareMethod = {
  id: 'proportion.machine_share',
  title: 'Test of equal shares of machine opens',
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.2',
  compute: machineShareTest,
} as const satisfies Method;
