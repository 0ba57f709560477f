import { describe, expect, it } from 'vitest';
import { collaborativeKind } from '../../src/strategies/cf/collaborative.js';
import { judgeDrift } from '../../src/strategies/judge-drift.js';
import { popularKind } from '../../src/strategies/popular.js';
import type { Learned, StrategyKind } from '../../src/strategies/strategy.js';
import { daysLater, historiesOf, logAt, type MovingShop } from './moving-shop.js';

const slots = { headline: 'For you' };
const shop: MovingShop = { seed: 'kinds', active: 200, items: 40, skew: 1 };

/** A model of the shop at the learning, through JSON as it is stored, and its figures so many days later. */
function known<D>(kind: StrategyKind<D>, definition: object, change: Partial<MovingShop> = {}) {
  const read = kind.parse(definition);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const histories = historiesOf({ ...shop, ...change });
  const { items } = { ...shop, ...change };
  const log = (days: number) => logAt(histories, items, daysLater(days));
  const learned = kind.learn?.(read.value, log(0), daysLater(0), 'seed');
  const { state, report } = JSON.parse(JSON.stringify(learned)) as Learned;
  const figures = (days: number, old = report) => {
    const clock = daysLater(days);
    const watched = old.reference && kind.watch?.(read.value, state, old.reference, log(days), clock);
    return judgeDrift(old, watched, undefined);
  };
  return { report, figures, learned };
}

const kinds: readonly (readonly [string, StrategyKind<never>, object])[] = [
  ['best sellers', popularKind as never, { kind: 'popular', slots }],
  ['collaborative filtering', collaborativeKind as never, { kind: 'collaborative', slots, method: 'item_knn' }],
  ['best sellers by collaborative filtering', collaborativeKind as never, { kind: 'collaborative', slots, method: 'popular' }],
  ['what holds out by chance', collaborativeKind as never, { kind: 'collaborative', slots, method: 'popular', holdOut: { random: 0.2 } }],
]; // prettier-ignore

describe.each(kinds)('a model of %s', (_name, kind, definition) => {
  it('keeps a reference of the items, and is as it was where nothing changes', () => {
    const { report, figures } = known(kind, definition);
    const items = report.reference?.items;
    expect(items?.until).toBe(daysLater(0).toISOString());
    expect(items?.from).toBe(daysLater(-14).toISOString());
    const isHeldOut = report.split.kind === 'time';
    expect(items?.learnedUntil).toBe(daysLater(isHeldOut ? -14 : 0).toISOString());
    const [now, ...shares] = figures(0);
    expect(now).toMatchObject({ measure: 'drift of items', value: 0, alerting: false });
    // What it learned from it has seen; of a hold-out the newcomers it has not.
    expect(shares.map(({ measure, value }) => [measure, value! > 0])).toEqual([['unseen recipients', isHeldOut], ['unseen items', false]]); // prettier-ignore
    for (const days of [14, 90]) expect(figures(days).filter(({ alerting }) => alerting)).toEqual([]);
    const later = figures(90).find(({ measure }) => measure === 'unseen recipients');
    expect(later!.value).toBeGreaterThan(0.2);
    expect(later!.value).toBeLessThan(0.5);
  });

  it('is as it was where of many items few are done with, which it never knows all', () => {
    const { figures } = known(kind, definition, { active: 400, items: 3_000, skew: 0, most: 1 });
    for (const days of [14, 42, 90]) {
      const found = figures(days);
      expect(found.filter(({ alerting }) => alerting)).toEqual([]);
      expect(found.find(({ measure }) => measure === 'unseen items')?.value).toBeGreaterThan(0.2);
    }
  });

  it('alarms once half of what is done is done with items that it does not know', () => {
    const { figures } = known(kind, definition, { later: (item, draw) => (draw < 0.5 ? `new ${item}` : item) }); // prettier-ignore
    expect(figures(0).some(({ alerting }) => alerting)).toBe(false);
    const found = figures(20);
    expect(found.find(({ measure }) => measure === 'drift of items')).toMatchObject({ alerting: true, threshold: 0.2 }); // prettier-ignore
    expect(found.find(({ measure }) => measure === 'unseen items')?.value).toBeCloseTo(0.5, 1);
  });

  it('of a small shop has none and says why; one from before there were any says what to do', () => {
    const { report, figures } = known(kind, definition, { active: 20 });
    expect(report.reference).toBeUndefined();
    expect(figures(20)).toMatchObject([{ measure: 'drift', value: null, detail: { reason: expect.stringContaining('it takes 100') as string } }]); // prettier-ignore
    const { noReference: _, ...old } = report;
    expect(figures(20, old)).toMatchObject([{ value: null, alerting: false, detail: { reason: expect.stringContaining('Learn it again') as string } }]); // prettier-ignore
  });
});
