import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, type Count } from '../count.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Refusal } from '../result.js';

/** Treatment rate / control rate - 1, rounded once. Needs a success in the control arm and no empty arm. */
export function uplift(control: Count, treatment: Count): number {
  const base = control.successes * treatment.n;
  return ratio(treatment.successes * control.n - base, base);
}

/** A refusal where no uplift exists: a bad level, impossible counts, or nobody in the control arm (`baseline_zero`). */
export function impossibleUplift(control: Count, treatment: Count, level: number): Refusal | undefined {
  const impossible = impossibleLevel(level) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  if (control.successes > 0n) return undefined;
  return refuse('baseline_zero', 'Nobody in the control arm did it, so an uplift over it has no meaning.');
}

/** A refusal (`no_variation`) where the plug-in variance of an uplift is zero, and an interval would be a point. */
export function pointUplift(control: Count, treatment: Count): Refusal | undefined {
  if (treatment.successes === 0n) {
    return refuse('no_variation', 'Nobody in the treatment arm did it, so this standard error is zero.');
  }
  if (control.successes < control.n || treatment.successes < treatment.n) return undefined;
  return refuse('no_variation', 'Everybody in both arms did it, so this standard error is zero.');
}

/** Squared standard error of the logarithm of a rate, (1 - p)/x, rounded once. Needs a success. */
export function logRateVariance({ successes, n }: Count): number {
  return ratio(n - successes, n * successes);
}
