import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { closeAlert, listAlerts } from '../../src/flows/alerts.js';
import { checkModels } from '../../src/flows/check-models.js';
import { checkVolumes } from '../../src/flows/check-volumes.js';
import { findModel } from '../../src/flows/find-models.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import type { Reference } from '../../src/strategies/model-report.js';
import { longReport } from './long-report.js';
import { auc, day, harnessForModels, kind, measured, shop } from './measured-models.js';
import { items } from './shop.js';

const h = harnessForModels();

describe('drift', () => {
  const reference = longReport.reference as Reference;
  const seen = (recency: number[]): Reference => ({
    ...reference,
    features: reference.features.map((one) => (one.name === 'recency' ? { ...one, counts: recency } : one)),
  });

  it('is checked, raises one alert, and closes it when it is over', async () => {
    measured(() => 0.7);
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    const own = reference.features[0]!.counts;
    const outcomes = { rows: 1_000, observed: 100, expected: 104 };
    kind.watch = () => ({ now: seen([...own]), outcomes });
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    day(h(), 2);
    kind.watch = () => ({ now: seen([...own].map((n, i) => (i === 0 ? n * 20 : n))), outcomes });
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 1, failed: 0 });
    day(h(), 3);
    kind.measure = () => auc(0.55);
    kind.watch = () => ({ now: seen([...own]), outcomes: { ...outcomes, expected: 200 } });
    await checkModels(h().ctx);
    const [alert, ...more] = await listAlerts(h().ctx, true);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'drift',
      subject: 'best-sellers@1',
      raisedAt: '2026-03-02T09:00:00.000Z',
      seenAt: '2026-03-03T09:00:00.000Z',
    });
    expect(alert?.detail).toMatchObject({ measures: ['calibration', 'AUC'] });
    day(h(), 4);
    measured(() => 0.7);
    kind.watch = () => ({ now: seen([...own]), outcomes });
    await checkModels(h().ctx);
    expect((await listAlerts(h().ctx))[0]).toMatchObject({ closedBy: 'over' });
    const { history } = await findModel(h().ctx, 'best-sellers', 1);
    expect(history.filter(({ measure }) => measure === 'drift of recency').map(({ alerting }) => alerting)).toEqual([
      false, true, false, false,
    ]); // prettier-ignore
  });

  it('of a few rows alarms nobody', async () => {
    measured(() => 0.7);
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    const few = reference.features[0]!.counts.map((_, i) => (i < 4 ? 2 : 0));
    kind.watch = () => ({ now: seen(few), outcomes: { rows: 20, observed: 1, expected: 6 } });
    expect(await checkModels(h().ctx)).toMatchObject({ alerting: 0 });
    const { checks } = await findModel(h().ctx, 'best-sellers', 1);
    expect(checks.find(({ measure }) => measure === 'drift of recency')?.value).toBeGreaterThan(0.2);
  });

  it('says so where a model has nothing to be held against, and goes on after one that fails', async () => {
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    const { checks } = await findModel(h().ctx, 'best-sellers', 1);
    expect(checks[0]).toMatchObject({
      value: null,
      detail: { reason: expect.stringContaining('only 30 recipients did anything') as string },
    });
    kind.measure = () => {
      throw new Error('a fault');
    };
    day(h(), 2);
    expect(await checkModels(h().ctx)).toEqual({ models: 0, alerting: 0, failed: 1 });
  });
});

describe('drift of items', () => {
  /** The shop, in which others did something with every item long before. */
  async function oldShop(): Promise<void> {
    await shop(h().ctx, 240);
    const at = '2026-01-15T09:00:00.000Z';
    const events = items.map(({ item }, i) => ({ id: `early-${i}`, type: 'view', recipient: `first-${i}`, item, at })); // prettier-ignore
    await recordEvents(h().ctx, events);
  }

  it('of best sellers is kept, raises an alert and stands on the page of the model', async () => {
    await oldShop();
    await learnStrategy(h().ctx, 'best-sellers');
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    const { checks } = await findModel(h().ctx, 'best-sellers', 1);
    const values = checks.map(({ measure, value }) => [measure, value] as const);
    expect(Object.fromEntries(values)).toEqual({ 'drift of items': 0, 'unseen items': 0, 'unseen recipients': 0 }); // prettier-ignore
    // Three weeks later the same recipients and sixty others look at nothing but hats and what is new.
    day(h(), 22);
    const at = '2026-03-20T09:00:00.000Z';
    const events = Array.from({ length: 300 }, (_, i) => {
      const item = i % 2 === 0 ? 'hats-4' : 'wigs-1';
      return { id: `late-${i}`, type: 'view', recipient: `person-${i}`, item, at };
    });
    await recordEvents(h().ctx, events);
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 1, failed: 0 });
    const [alert] = await listAlerts(h().ctx, true);
    expect(alert).toMatchObject({ kind: 'drift', detail: { measures: ['drift of items'] } });
    const { cookie } = await h().signIn('admin');
    const { text } = await request(h().app).get('/models/best-sellers/1').set('Cookie', cookie);
    expect(text).toMatch(/drift of items <span class="tag tag-caution">changed/);
    expect(text).toContain('of 300 recipients. When it was learned: 1.');
    expect(text).toContain('unseen items');
  });

  it('cannot be had of a model from before it was kept, which says what to do', async () => {
    await oldShop();
    await learnStrategy(h().ctx, 'best-sellers');
    await h().database.knex.raw(`update learned_states set report = (report::jsonb - 'reference')::json`);
    expect(await checkModels(h().ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    const { checks } = await findModel(h().ctx, 'best-sellers', 1);
    expect(checks).toMatchObject([
      {
        measure: 'drift',
        value: null,
        detail: { reason: expect.stringContaining('Learn it again') as string },
      },
    ]);
  });

  it('cannot be had of best sellers in a young shop, where all in the reference is new', async () => {
    await shop(h().ctx, 240);
    await learnStrategy(h().ctx, 'best-sellers');
    await checkModels(h().ctx);
    const { checks } = await findModel(h().ctx, 'best-sellers', 1);
    const reason = expect.stringContaining('learn it again later') as string;
    expect(checks).toMatchObject([{ measure: 'drift', value: null, detail: { reason } }]);
  });
});

describe('volumes', () => {
  it('raise an alert on a spike, which a person can close', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      ...{ experiment: '', source: 'api', type: 'view', class: '', status: 'recorded' },
      day: new Date(Date.parse('2026-01-01') + i * 86_400_000).toISOString().slice(0, 10),
      ...{ n: i === 59 ? 9_000 : 1_000 + ((i * 37) % 50), lag_sum: 0, lag_max: 0, ahead: 0 },
      last_received_at: new Date('2026-03-02T00:00:00Z'),
    }));
    await h().database.knex('event_counts').insert(rows);
    h().ctx.setTime('2026-03-02T01:07:00.000Z');
    expect(await checkVolumes(h().ctx)).toEqual({ day: '2026-03-01', judged: 1, alerting: 1 });
    const [alert] = await listAlerts(h().ctx, true);
    expect(alert?.message).toMatch(/^events: view on 2026-03-01: 9,000, above the usual/);
    expect(await closeAlert(h().ctx, alert!.id, 'Ana')).toMatchObject({ closedBy: 'Ana' });
    await expect(closeAlert(h().ctx, alert!.id, 'Ben')).rejects.toMatchObject({ code: 'alert_closed' });
    await expect(closeAlert(h().ctx, 'x', 'Ben')).rejects.toMatchObject({ code: 'alert_not_found' });
    await h().database.knex('event_counts').where({ day: '2026-03-01' }).update({ source: 'import:old.csv' });
    expect(await checkVolumes(h().ctx)).toEqual({ day: '2026-03-01', judged: 1, alerting: 1 });
  });

  it('say nothing before there are enough days', async () => {
    expect(await checkVolumes(h().ctx)).toBeUndefined();
  });
});
