import { impossibleCounts, noVariation, type Count } from '../count.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';
import { ALTERNATIVE, impossibleAlternative, type Alternative } from './alternative.js';
import type { UnconditionalTest } from './barnard.js';
import { logAtLeast } from './hypergeometric.js';
import { nuisanceMaximum, tooManyPairs } from './nuisance-maximum.js';
import { regionOf } from './rejection-region.js';

/**
 * Part of a p-value, or of what it lacks to 1, by which two of Fisher's p-values may differ and still count as equal.
 */
const TIE = 1e-10;

/**
 * Boschloo's exact test of two equal rates: Barnard's idea with Fisher's one-sided p-value (`statistic`) as the measure
 * of what is extreme, so it rejects wherever Fisher's test does, and more. 'two_sided' is twice the smaller one-sided
 * p, at most 1. Arms of at most 1,000,000 recipients multiplied. Refuses `invalid_input`, `empty_arm`, `no_variation`
 * and `too_many`. Boschloo (1970).
 */
export function boschloo(
  control: Count,
  treatment: Count,
  alternative: Alternative = 'two_sided',
): OrRefusal<UnconditionalTest> {
  const arms = [control, treatment] as const;
  const impossible = impossibleAlternative(alternative) ?? impossibleCounts(arms) ?? tooManyPairs(...arms);
  if (impossible) return impossible;
  if (noVariation(arms)) return refuse('no_variation', 'Nobody or everybody in both arms did it.');
  const { logP, ...rest } = search(control, treatment, alternative);
  return { method: 'proportion.boschloo', ...rest, df: [], p: Math.exp(logP), logP, warnings: [] };
}

interface Found {
  readonly statistic: number;
  readonly logP: number;
  readonly rate: number;
}

function search(control: Count, treatment: Count, alternative: Alternative): Found {
  if (alternative === 'greater') return greater(control, treatment);
  if (alternative === 'less') return greater(treatment, control);
  const [up, down] = [greater(control, treatment), greater(treatment, control)];
  const smaller = up.logP <= down.logP ? up : down;
  return { ...smaller, logP: Math.min(0, smaller.logP + Math.LN2) };
}

function greater(control: Count, treatment: Count): Found {
  const [n, m] = [Number(treatment.n), Number(control.n)];
  const logFisher = (c: number, t: number) => logAtLeast({ x: t, n, m, total: c + t });
  const observed = logFisher(Number(control.successes), Number(treatment.successes));
  const limit = observed + TIE * Math.min(1, -observed);
  const extreme = (c: number, t: number) => logFisher(c, t) <= limit;
  const region = regionOf(control, treatment, extreme, () => false);
  return { statistic: Math.exp(observed), ...nuisanceMaximum(region) };
}

export const boschlooMethod = {
  id: 'proportion.boschloo',
  title: "Boschloo's unconditional exact test of two rates",
  needs: ['n', 'nonZero'],
  parameters: [ALTERNATIVE],
  reference: 'Boschloo (1970)',
  compute: boschloo,
} as const satisfies Method;
