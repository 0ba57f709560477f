import type { Metric } from './experiment.js';

/**
 * Whether a metric compares different people and so may not decide: it says so, or its denominator is something that
 * recipients did after they got the message, which the arms may change.
 */
export function isDiagnostic({
  denominator,
  diagnostic,
}: Pick<Metric, 'denominator' | 'diagnostic'>): boolean {
  return diagnostic === true || isMeasuredAfterDelivery(denominator);
}

export function isMeasuredAfterDelivery(denominator: Metric['denominator']): boolean {
  return denominator !== undefined && denominator.event !== 'sent' && denominator.event !== 'delivered';
}
