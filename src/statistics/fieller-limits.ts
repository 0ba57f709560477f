import { agreeWithTest } from './confidence.js';
import { refuse, type Interval, type OrRefusal } from './result.js';

/** Two estimates, perhaps correlated, and what is known of their difference. */
export interface UpliftInput {
  /** Estimate of the control and of the treatment. */
  readonly control: number;
  readonly treatment: number;
  readonly controlVariance: number;
  readonly treatmentVariance: number;
  readonly covariance: number;
  /** Difference of the two with the interval shown beside. */
  readonly difference: { readonly value: number; readonly interval: Interval };
  /** Upper quantile of the distribution that this interval was made with. */
  readonly quantile: number;
  /** Whether the test shown beside rejects. */
  readonly rejects: boolean;
}

/**
 * Fieller's interval of treatment / control - 1: all uplifts u for which treatment - (1 + u) control is not separated
 * from zero. It excludes 0 exactly when the interval of the difference does. Refuses `baseline_zero` when the control
 * itself is not separated from zero, because the interval would then have no bounds. Fieller (1954).
 */
export function fiellerLimits(input: UpliftInput): OrRefusal<Interval> {
  const { control, difference, quantile, rejects } = input;
  const { lower, upper, level } = difference.interval;
  // In units of the control, so that nothing overflows: a u² - 2 b u + c = 0.
  const scaled = (variance: number) => (variance / control / control) * quantile * quantile;
  const [vc, vt] = [scaled(input.controlVariance), scaled(input.treatmentVariance)];
  const cov = scaled(input.covariance);
  const a = 1 - vc;
  if (!(a > 0)) {
    return refuse('baseline_zero', 'The control may be zero, so an uplift over it has no bounds.');
  }
  const b = difference.value / control - (cov - vc);
  const c = (lower / control) * (upper / control);
  const slope = vc === 0 ? 0 : cov / vc;
  const rest = Math.max(0, vt - slope * cov);
  // The discriminant b² - a c as a sum of two terms that are never negative.
  const root = Math.sqrt(vc * (input.treatment / control - slope) ** 2 + rest * a);
  const far = (b + (b < 0 ? -root : root)) / a;
  // From the product of both, because it may be a tiny part of the other; c has the sign that the test decides.
  const near = far === 0 ? 0 : c / (a * far);
  return agreeWithTest({ lower: Math.min(far, near), upper: Math.max(far, near), level }, rejects);
}
