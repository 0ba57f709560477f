import { impossibleCounts, type Count } from '../count.js';
import type { Method } from '../method.js';
import { isRefusal, type OrRefusal, type TestResult } from '../result.js';
import { ALTERNATIVE, impossibleAlternative, type Alternative } from './alternative.js';
import { nuisanceMaximum, tooManyPairs } from './nuisance-maximum.js';
import { regionOf, type Extreme } from './rejection-region.js';
import { pooledZ } from './z-test.js';

export interface UnconditionalTest extends TestResult {
  /** The common rate of both arms under which tables as extreme are likeliest. */
  readonly rate: number;
}

/**
 * Barnard's exact test of two equal rates with the pooled z as statistic: the probability of all tables with a z as far
 * out as the observed one, for the common rate where that is largest. Holds its level in arms of any size and wastes
 * less of it than Fisher's test. Equal z are found in whole numbers. Arms of at most 1,000,000 recipients multiplied.
 * Refuses `invalid_input`, `empty_arm`, `no_variation` and `too_many`.
 * Barnard (1947); Suissa & Shuster (1985).
 */
export function barnard(
  control: Count,
  treatment: Count,
  alternative: Alternative = 'two_sided',
): OrRefusal<UnconditionalTest> {
  const impossible =
    impossibleAlternative(alternative) ??
    impossibleCounts([control, treatment]) ??
    tooManyPairs(control, treatment);
  if (impossible) return impossible;
  const z = pooledZ(control, treatment);
  if (isRefusal(z)) return z;
  const { better, worse } = extremes(control, treatment, alternative);
  const { logP, rate } = nuisanceMaximum(regionOf(control, treatment, better, worse));
  return { ...z, method: 'proportion.barnard', p: Math.exp(logP), logP, rate, warnings: [] };
}

const NEVER: Extreme = () => false;

function extremes(control: Count, treatment: Count, alternative: Alternative) {
  const square = signedSquare(control.n, treatment.n);
  const observed = square(control.successes, treatment.successes);
  const size = observed.top < 0n ? { ...observed, top: -observed.top } : observed;
  const [up, down] = alternative === 'two_sided' ? [size, negative(size)] : [observed, observed];
  const better: Extreme = (c, t) => compare(square(BigInt(c), BigInt(t)), up) >= 0n;
  const worse: Extreme = (c, t) => compare(square(BigInt(c), BigInt(t)), down) <= 0n;
  return {
    better: alternative === 'less' ? NEVER : better,
    worse: alternative === 'greater' ? NEVER : worse,
  };
}

/** z |z| up to a factor that all tables share; 0 where nobody or everybody did it. */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

function signedSquare(nc: bigint, nt: bigint): (control: bigint, treatment: bigint) => Fraction {
  return (control, treatment) => {
    const successes = control + treatment;
    const cross = treatment * nc - control * nt;
    const bottom = successes * (nc + nt - successes);
    return bottom === 0n
      ? { top: 0n, bottom: 1n }
      : { top: cross < 0n ? -cross * cross : cross * cross, bottom };
  };
}

function negative({ top, bottom }: Fraction): Fraction {
  return { top: -top, bottom };
}

/** Has the sign of a - b. */
function compare(a: Fraction, b: Fraction): bigint {
  return a.top * b.bottom - b.top * a.bottom;
}

export const barnardMethod = {
  id: 'proportion.barnard',
  title: "Barnard's unconditional exact test of two rates",
  needs: ['n', 'nonZero'],
  parameters: [ALTERNATIVE],
  reference: 'Barnard (1947); Suissa & Shuster (1985)',
  compute: barnard,
} as const satisfies Method;
