import { describe, expect, it } from 'vitest';
import type { Metric, StoredExperiment } from '../../src/experiments/experiment.js';
import { nextStatus, possibleActions, startProblems } from '../../src/experiments/lifecycle.js';
import { longestWindowMs, whyInterim } from '../../src/experiments/maturity.js';

const order: Metric = {
  key: 'order',
  title: 'Order',
  type: 'proportion',
  event: 'converted',
  classes: [],
  count: 'once',
  from: 'send',
  role: 'primary',
  direction: 'increase',
};
const ready: StoredExperiment = {
  key: 'x',
  title: 'x',
  hypothesis: 'more',
  salt: 's',
  factors: [],
  control: 'a',
  allocation: { version: 1, weights: [1, 1], traffic: 1 },
  metrics: [order],
  cohorts: [],
  windowMs: 14 * 86_400_000,
  plan: { alpha: 0.05, power: 0.8 },
  status: 'stopped',
  createdAt: '2026-01-01T00:00:00Z',
};

describe('the life of an experiment', () => {
  it('goes from draft to running, pauses and resumes, and stops for good', () => {
    const table = (['draft', 'running', 'paused', 'stopped'] as const).map((status) =>
      (['start', 'pause', 'resume', 'stop'] as const).map((action) => nextStatus(status, action)),
    );
    expect(table).toEqual([
      ['running', undefined, undefined, undefined],
      [undefined, 'paused', undefined, 'stopped'],
      [undefined, undefined, 'running', 'stopped'],
      [undefined, undefined, undefined, undefined],
    ]);
    expect(possibleActions('paused')).toEqual(['resume', 'stop']);
  });

  it('does not start before hypothesis, primary metric, direction and window are written down', () => {
    const paths = (change: Partial<StoredExperiment>) =>
      startProblems({ ...ready, ...change }).map((p) => p.path);
    expect(paths({})).toEqual([]);
    expect(paths({ hypothesis: undefined })).toEqual(['hypothesis']);
    expect(paths({ metrics: [{ ...order, role: 'secondary' }] })).toEqual(['metrics']);
    expect(paths({ metrics: [{ ...order, direction: undefined }] })).toEqual(['metrics[0].direction']);
    expect(paths({ metrics: [{ ...order, diagnostic: true }] })).toEqual(['metrics[0].role']);
    const opened = { event: 'opened', classes: [], count: 'once' } as const;
    expect(paths({ metrics: [{ ...order, denominator: opened }] })).toEqual(['metrics[0].role']);
    expect(paths({ metrics: [{ ...order, denominator: { ...opened, event: 'sent' } }] })).toEqual([]);
    const minutes = { ...order, type: 'time_to_event', count: 'minutes', from: 'first_send' } as const;
    expect(paths({ metrics: [minutes] })).toEqual([]);
    expect(paths({ windowMs: undefined, metrics: [minutes] })).toEqual(['window']);
    expect(paths({ windowMs: undefined })).toEqual(['window']);
    expect(paths({ windowMs: undefined, metrics: [{ ...order, windowMs: 1 }] })).toEqual([]);
  });
});

describe('the time for a verdict', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  const reasons: [string, Partial<StoredExperiment>, Date | undefined, Date, RegExp | undefined][] = [
    ['not in a draft', { status: 'draft' }, undefined, day(60), /not started/],
    ['not without recipients', {}, undefined, day(60), /Nobody/],
    ['not while enrolling without a planned end', { status: 'running' }, day(1), day(60), /until it is stopped/],
    ['not before the planned end', { status: 'running', plan: { ...ready.plan, end: '2026-03-05T00:00:00Z' } }, day(1), day(60), /until 2026-03-05/],
    ['after the planned end, once windows closed', { status: 'running', plan: { ...ready.plan, end: '2026-01-20T00:00:00Z' } }, day(19), day(60), undefined],
    ['not while the last window is open', {}, day(50), day(60), /14d window .* 2026-03-05 00:00 UTC/],
    ['from the very moment the last window closes', {}, day(46), day(60), undefined],
    ['not for a longer window of one metric', { metrics: [order, { ...order, key: 'l', windowMs: 30 * 86_400_000 }] }, day(46), day(60), /30d window/],
    ['not while a delayed window is open', { metrics: [order, { ...order, key: 'l', delayMs: 2 * 86_400_000 }] }, day(46), day(60), /14d window \(delayed by 2d\) .* 2026-03-03 00:00 UTC/],
    ['not while late events are waited for', { metrics: [{ ...order, maturityMs: 86_400_000 }, order] }, day(46), day(60), /14d window \(1d for late events\) .* 2026-03-02 00:00 UTC/],
    ['once delay, window and maturity are over', { metrics: [{ ...order, delayMs: 86_400_000, windowMs: 86_400_000, maturityMs: 86_400_000 }] }, day(57), day(60), undefined],
    ['not a moment earlier', { metrics: [{ ...order, delayMs: 86_400_000, windowMs: 86_400_000, maturityMs: 86_400_000 }] }, day(57), new Date(day(60).getTime() - 1), /1d window \(delayed by 1d, 1d for late events\)/],
  ]; // prettier-ignore
  it.each(reasons)('%s', (_, change, last, now, reason) => {
    const interim = whyInterim({ ...ready, ...change }, last, now);
    if (reason) expect(interim).toMatch(reason);
    else expect(interim).toBeUndefined();
  });
});

it('the longest wait is that of one metric, not of the longest of each', () => {
  const hour = 3_600_000;
  const metrics = [
    { ...order, windowMs: 5 * hour, delayMs: hour },
    { ...order, windowMs: 3 * hour, maturityMs: 2 * hour },
  ];
  expect(longestWindowMs({ metrics, windowMs: 99 * hour })).toBe(6 * hour);
  expect(longestWindowMs({ metrics: [order], windowMs: hour })).toBe(hour);
  expect(longestWindowMs({ metrics: [order] })).toBe(0);
});
