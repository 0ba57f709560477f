import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decayedScore,
  engagementScore,
  usualScore,
} from '../../../src/profiles/features/engagement-score.js';
import { engagementTier, mostMails, tierOf } from '../../../src/profiles/features/engagement-tier.js';
import type { Behaviour } from '../../../src/profiles/history.js';
import { orderlyHistory } from '../../../src/profiles/orderly-history.js';
import { anyReports, day, start } from '../any-reports.js';

const at = (days: number): number => start + days * day;
const event = (id: string, type: string, days: number, more: object = {}): Behaviour => ({
  id,
  type,
  at: at(days),
  ...more,
});

describe('the engagement score', () => {
  it('is what the points of its events add up to, in any order', () => {
    const declarations = fc.record({
      weights: fc.dictionary(
        fc.constantFrom('view', 'cart', 'purchase', 'opened', 'clicked'),
        fc.integer({ min: -20, max: 50 }),
      ),
      windowDays: fc.integer({ min: 1, max: 400 }),
      halfLifeDays: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyReports, declarations, fc.nat(200), (reports, { halfLifeDays, ...rest }, days) => {
        const declared = { ...rest, ...(halfLifeDays !== undefined && { halfLifeDays }) };
        const { score, events } = engagementScore(orderlyHistory(reports), at(days), declared);
        const thousandths = events.map(({ points }) => Math.round(points * 1_000)).reverse();
        expect(thousandths.reduce((sum, one) => sum + one, 0)).toBe(Math.round(score * 1_000));
      }),
      { numRuns: 200 },
    );
  });

  it('weighs what people did and leaves out machines', () => {
    const history = [
      event('a', 'opened', 1, { class: 'human' }),
      event('b', 'opened', 2, { class: 'privacy_proxy' }),
      event('c', 'opened', 3, { class: 'unknown' }),
      event('d', 'clicked', 4, { class: 'unknown' }),
      event('e', 'clicked', 5, { class: 'scanner' }),
      event('f', 'view', 6),
      event('g', 'cart', 7),
      event('h', 'purchase', 8),
      event('i', 'sent', 9),
    ];
    const { score, events, byMachines } = engagementScore(history, at(10));
    expect(events.map(({ id, points }) => [id, points])).toEqual([
      ['a', 2],
      ['d', 3],
      ['f', 1],
      ['g', 5],
      ['h', 10],
    ]);
    expect([score, byMachines]).toEqual([21, 3]);
  });

  it('halves with its half-life and forgets what lies before its window', () => {
    const history = [event('a', 'purchase', 0)];
    const scoreAt = (days: number) => engagementScore(history, at(days), decayedScore).score;
    expect([1, 30, 60, 365, 366].map(scoreAt)).toEqual([9.772, 5, 2.5, 0.002, 0]);
    expect(engagementScore(history, at(90)).score).toBe(10);
    expect(engagementScore(history, at(90) + 1).score).toBe(0);
  });

  it('gives no points for types that only a prototype knows', () => {
    const history = [event('a', 'constructor', 0), event('b', 'toString', 0)];
    expect(engagementScore(history, at(1), { ...usualScore, weights: { view: 1 } }).score).toBe(0);
  });
});

describe('the engagement tier', () => {
  it.each([
    [0, 3, 'unknown'],
    [3, 3, 'unknown'],
    [0, 4, 'low'],
    [1, 4, 'medium'],
    [3, 4, 'medium'],
    [4, 4, 'high'],
    [24, 100, 'low'],
    [25, 100, 'medium'],
    [26, 100, 'medium'],
    [74, 100, 'medium'],
    [75, 100, 'medium'],
    [76, 100, 'high'],
  ])('of %i opened of %i is %s', (opened, mails, tier) => {
    expect(tierOf(opened, mails)).toBe(tier);
  });

  const mail = (n: number, ...more: [type: string, more?: object][]): Behaviour[] => [
    event(`s${n}`, 'sent', n, { message: `m${n}` }),
    ...more.map(([type, rest = {}], i) => event(`s${n}-${i}`, type, n + 0.1, { message: `m${n}`, ...rest })),
  ];
  const human = { class: 'human' };

  it('counts mails, not opens, and no opens of machines', () => {
    const history = [
      ...mail(1, ['opened', human], ['opened', human], ['opened', human]),
      ...mail(2, ['opened', { class: 'privacy_proxy' }]),
      ...mail(3, ['opened', { class: 'scanner' }], ['clicked', { class: 'scanner' }]),
      ...mail(4),
    ];
    expect(engagementTier(history, at(10))).toEqual({ tier: 'medium', mails: 4, opened: 1 });
  });

  it('takes a click for an open, and leaves out what bounced or was sent within the last day', () => {
    const history = [
      ...[1, 2, 3, 4].flatMap((n) => mail(n, ['clicked', { class: 'unknown' }])),
      ...mail(5, ['bounced']),
      ...mail(9.5),
    ];
    expect(engagementTier(history, at(10))).toEqual({ tier: 'high', mails: 4, opened: 4 });
    expect(engagementTier(history, at(11))).toEqual({ tier: 'high', mails: 5, opened: 4 });
  });

  it('looks at the most recent ones only', () => {
    const old = Array.from({ length: 10 }, (_, i) => mail(i, ['opened', human])).flat();
    const recent = Array.from({ length: mostMails }, (_, i) => mail(10 + i)).flat();
    expect(engagementTier([...old, ...recent], at(50))).toEqual({ tier: 'low', mails: mostMails, opened: 0 });
    expect(engagementTier([...old, ...recent], at(400)).tier).toBe('unknown');
  });
});
