import type { Metric, StoredExperiment } from '../../src/experiments/experiment.js';
import type { ArmSums } from '../../src/reports/experiment-input.js';
import { experimentInput } from '../../src/reports/experiment-input.js';
import type { ReportInput } from '../../src/reports/report-input.js';
import { addCrossSums, crossSumsOf, emptyCrossSums } from '../../src/statistics/cross-sums.js';
import { addSums, emptySums, sumsOf } from '../../src/statistics/sums.js';

const day = 86_400_000;
const base = { classes: ['human'], from: 'send' } as const;
const once = { event: 'opened', classes: ['human'], count: 'once' } as const;

/** One metric of every type, with every extra that a metric can have. */
export const everyMetric: readonly Metric[] = [
  { ...base, key: 'conversion', title: 'Conversion', type: 'proportion', role: 'primary', event: 'converted', count: 'once', covariateMs: 30 * day },
  { ...base, key: 'revenue', title: 'Revenue per recipient', type: 'money', role: 'secondary', event: 'purchase', count: 'value', cap: 25_000, covariateMs: 90 * day },
  { ...base, key: 'open', title: 'Open (human)', type: 'proportion', role: 'secondary', event: 'opened', count: 'once', denominator: { ...once, event: 'delivered' } },
  { ...base, key: 'click_to_open', title: 'Click to open', type: 'ratio', role: 'secondary', event: 'clicked', count: 'once', denominator: once, diagnostic: true },
  { ...base, key: 'average_order', title: 'Average order', type: 'ratio', role: 'secondary', event: 'purchase', count: 'value', denominator: { event: 'purchase', classes: [], count: 'events' }, covariateMs: 90 * day },
  { ...base, key: 'repeat', title: 'Repeat purchase', type: 'retention', role: 'secondary', event: 'purchase', count: 'again' },
  { ...base, key: 'first_order', title: 'Time to first order', type: 'time_to_event', role: 'secondary', direction: 'decrease', event: 'purchase', count: 'minutes' },
  { ...base, key: 'unsubscribe', title: 'Unsubscribe', type: 'proportion', role: 'guardrail', event: 'unsubscribed', count: 'once', margin: { kind: 'relative', size: 0.5 } },
  { ...base, key: 'complaint', title: 'Complaint', type: 'proportion', role: 'guardrail', event: 'complained', count: 'once', denominator: { ...once, event: 'delivered' }, margin: { kind: 'absolute', size: 0.02 } },
]; // prettier-ignore

export const everyExperiment: StoredExperiment = {
  key: 'spring',
  title: 'Spring offer',
  salt: 's',
  factors: [{ key: 'offer', title: 'Offer', levels: ['plain', 'warm', 'bold'].map((key) => ({ key, title: key })) }],
  control: 'plain',
  allocation: { version: 1, weights: [1, 1, 1], traffic: 1 },
  metrics: everyMetric,
  cohorts: [{ trait: 'city' }],
  currency: 'EUR',
  windowMs: 14 * day,
  plan: { alpha: 0.05, power: 0.8 },
  status: 'stopped',
  createdAt: '2026-01-01T00:00:00.000Z',
}; // prettier-ignore

/** Numbers in [0, 1) from a seed (Lehmer). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Outcomes [y, d?, x?] of one recipient by metric; `lift` makes what the arm does. */
function recipient(next: () => number, lift: number): Record<string, readonly number[]> {
  const keen = next() * next();
  const before = next() < keen ? 1 : 0;
  const spentBefore = before * Math.floor(2000 + 8000 * next());
  const delivered = next() < 0.97 ? 1 : 0;
  const opened = delivered && next() < 0.3 + 0.4 * keen ? 1 : 0;
  const clicked = opened && next() < 0.2 + lift ? 1 : 0;
  const bought = delivered && next() < 0.7 * keen + lift ? 1 : 0;
  const spent = bought * Math.floor(1500 + 0.5 * spentBefore + 24_000 * next() ** 3);
  const again = bought && next() < 0.2 ? 1 : 0;
  const minutes = bought ? Math.floor(20_160 * next() ** 2) : 20_160;
  return {
    conversion: [bought, before],
    revenue: [Math.min(25_000, spent), spentBefore],
    open: [opened, delivered],
    click_to_open: [clicked, opened],
    average_order: [spent, bought + again, spentBefore],
    repeat: [again],
    first_order: [minutes],
    unsubscribe: [delivered && next() < 0.02 ? 1 : 0],
    complaint: [delivered && next() < 0.01 + lift / 5 ? 1 : 0, delivered],
    '@sent': [1],
    '@delivered': [delivered],
    '@opened': [opened],
    '@clicked': [clicked],
    '@converted': [bought],
  };
}

function cellsOf(
  arm: number,
  rows: readonly Record<string, readonly number[]>[],
  cohort = '',
  cohortValue = '',
) {
  return Object.keys(rows[0] ?? {}).map((metric): ArmSums => {
    const values = rows.map((row) => (row[metric] ?? []).map(BigInt));
    const sums = values.map(([y = 0n]) => sumsOf(y)).reduce(addSums, emptySums);
    const cross = values.map(crossSumsOf).reduce(addCrossSums, emptyCrossSums(values[0]?.length ?? 1));
    const capped = metric === 'revenue' ? { recipients: BigInt(arm + 2), excess: 123_456n } : undefined;
    return { metric, arm, cohort, cohortValue, sums, cross, ...(capped ? { capped } : {}) };
  });
}

/** A whole experiment of `n` recipients per arm, as the database would hand it over. */
export function everyInput(n = 2000): ReportInput {
  const sums = [0, 0.08, 0.02].flatMap((lift, arm) => {
    const next = numbers(1000 + arm);
    const rows = Array.from({ length: n }, () => recipient(next, lift));
    const [some, others] = [rows.slice(0, n / 2), rows.slice(n / 2)];
    const cohorts = [...cellsOf(arm, some, 'city', 'Rome'), ...cellsOf(arm, others, 'city', 'Oslo')];
    return [...cellsOf(arm, rows), ...cohorts.filter((cell) => !cell.metric.startsWith('@'))];
  });
  return experimentInput(everyExperiment, { sums, fallbacks: [] }, { asOf: '2026-03-01T00:00:00.000Z' });
}
