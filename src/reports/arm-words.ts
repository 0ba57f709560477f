import { formatAmount } from '../experiments/money.js';
import { counted, groupedDecimal, numberText } from './format.js';
import { isRate, unitOf } from './metric-unit.js';
import type { MetricSums, ReportMetricInput } from './report-input.js';
import type { ArmCapped, ArmDenominator } from './report-metric.js';

/** What the total of an arm is divided by, where that is not the number of recipients. */
export function denominatorOf(metric: ReportMetricInput, sums: MetricSums): ArmDenominator | undefined {
  if (metric.denominator === undefined) return undefined;
  const total = sums.n === 0n ? 0n : sums.cross?.sums[1];
  if (total === undefined) return undefined;
  const exact = formatAmount(total, metric.denominatorExponent ?? 0);
  return { total: exact, text: `of ${groupedDecimal(exact)} ${metric.denominator}` };
}

/** How many outcomes of an arm were cut; undefined where none was. */
export function cappedOf(metric: ReportMetricInput, { capped }: MetricSums): ArmCapped | undefined {
  if (!capped || capped.recipients === 0n) return undefined;
  const recipients = Number(capped.recipients);
  const excess = formatAmount(capped.excess, metric.exponent);
  const at = metric.cap === undefined ? '' : ` at ${capText(metric.cap, metric)}`;
  const cut = amountText(Number(excess), metric);
  return { recipients, excess, text: `${counted(recipients, 'recipient')} capped${at}, ${cut} cut` };
}

/** `€250.00`, `3`, `2 d`. */
export function capText(cap: number, metric: ReportMetricInput): string {
  return amountText(cap / 10 ** metric.exponent, metric);
}

/** An outcome of one recipient, in the unit of the numerator. */
function amountText(value: number, { type, unit, currency, exponent }: ReportMetricInput): string {
  if (unitOf({ type, unit, currency }) === 'minutes')
    return numberText(value, 0, { kind: 'minutes', signed: false, minDecimals: 0 });
  const decimals = isRate({ type }) ? 0 : exponent;
  const money = currency !== undefined;
  return numberText(value, decimals, {
    kind: money ? 'money' : 'number',
    signed: false,
    minDecimals: decimals,
    ...(money ? { currency } : {}),
  });
}
