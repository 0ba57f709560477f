import { describe, expect, it } from 'vitest';
import type { Measure, Metric } from '../../src/experiments/experiment.js';
import { experimentInput, type ArmSums } from '../../src/reports/experiment-input.js';
import { measureInput } from '../../src/reports/measure-input.js';
import { crossSumsOf } from '../../src/statistics/cross-sums.js';
import { sumsOf } from '../../src/statistics/sums.js';
import { everyExperiment } from './every-metric.js';

const clicks: Metric = {
  key: 'm',
  title: 'm',
  type: 'proportion',
  role: 'primary',
  event: 'clicked',
  classes: ['human'],
  count: 'once',
  from: 'send',
};
const over = (event: Measure['event'], count: Measure['count']): Measure => ({ event, classes: [], count });
const inputOf = (more: Partial<Metric>, currency = 'EUR') => measureInput({ ...clicks, ...more }, currency);

describe('how the outcome of a metric is read', () => {
  it('is as before for rates, counts and money', () => {
    expect(inputOf({})).toEqual({ exponent: 0, currency: undefined, unit: 'share', undecidable: undefined });
    expect(inputOf({ type: 'mean', count: 'events' })).toMatchObject({ unit: 'number', exponent: 0 });
    expect(inputOf({ type: 'money', count: 'value' }, 'JPY')).toMatchObject({ unit: 'money', exponent: 0, currency: 'JPY' });
  });

  it.each([
    ['click to open', { count: 'once' }, over('opened', 'once'), { unit: 'share', denominator: 'opened', denominatorExponent: 0 }],
    ['clicks per delivery', { count: 'events' }, over('delivered', 'messages'), { unit: 'number', denominator: 'messages delivered' }],
    ['average order', { event: 'purchase', count: 'value' }, over('purchase', 'events'), { unit: 'money', exponent: 2, currency: 'EUR', denominator: 'purchases' }],
    ['share of money', { event: 'refund', count: 'value' }, over('purchase', 'value'), { unit: 'share', exponent: 2, denominatorExponent: 2, currency: undefined }],
  ] as const)('knows the unit of %s', (_, more, denominator, expected) => {
    expect(inputOf({ type: 'ratio', ...more, denominator })).toMatchObject(expected);
  });

  it('takes every denominator for a diagnostic but what was sent or delivered', () => {
    const diagnostic = (event: Measure['event']) => inputOf({ denominator: over(event, 'once') }).diagnostic === true;
    expect((['sent', 'delivered', 'opened', 'clicked', 'purchase', 'view'] as const).map(diagnostic)).toEqual([
      false, false, true, true, true, true,
    ]);
    expect(inputOf({ denominator: over('opened', 'once') }).undecidable).toMatch(/only at those who opened/);
    expect(inputOf({ diagnostic: true }).undecidable).toMatch(/diagnostic/);
    expect(inputOf({ event: 'opened', denominator: over('delivered', 'once') }).undecidable).toMatch(/pictures loaded/);
    expect(inputOf({ denominator: over('delivered', 'once') }).undecidable).toBeUndefined();
  });

  it('passes on covariate, cap and margin', () => {
    const margin = { kind: 'relative', size: 0.1 } as const;
    expect(inputOf({ covariateMs: 7 * 86_400_000, cap: 5, margin })).toMatchObject({
      covariate: 'the same measure in the 7 days before the assignment', cap: 5, margin,
    });
  });
}); // prettier-ignore

describe('what the database knows of an experiment', () => {
  const cell = (metric: string, arm: number, y: bigint): ArmSums => ({
    metric, arm, cohort: '', cohortValue: '', sums: sumsOf(y), cross: crossSumsOf([y, 1n]), capped: { recipients: 1n, excess: 7n },
  });
  const read = (sums: readonly ArmSums[]) =>
    experimentInput(everyExperiment, { sums, fallbacks: [] }, { asOf: '2026-03-01T00:00:00.000Z' });

  it('becomes stations and cells with all their sums', () => {
    const input = read([cell('open', 1, 1n), cell('@sent', 1, 1n), cell('@sent', 1, 1n), cell('@opened', 2, 0n)]);
    expect(input.cells.find((one) => one.metric === 'open' && one.arm === 'warm')).toMatchObject({
      cross: { sums: [1n, 1n] }, capped: { recipients: 1n, excess: 7n },
    });
    expect(input.cells.some((one) => one.metric.startsWith('@'))).toBe(false);
    expect(input.stations).toEqual([
      { station: 'sent', recipients: [0n, 2n, 0n] },
      ...['delivered', 'opened', 'clicked', 'converted'].map((station) => ({ station, recipients: [0n, 0n, 0n] })),
    ]);
  });

  it('has no stations where none is counted', () => {
    expect(read([cell('open', 0, 1n)]).stations).toBeUndefined();
  });
}); // prettier-ignore
