import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customers, orderProbability } from '../../seeds/demo-world.js';
import type { Database } from '../../src/database/open.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { audit } from '../../src/flows/audit.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { loadReport } from '../../src/flows/load-report.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { seedDemo } from '../../src/flows/seed-demo.js';
import { openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';
import { enrol, startExample } from './campaign.js';

let database: Database;
let ctx: TestContext;

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  await seedDemo(ctx);
});
afterAll(() => database.close());

/** An estimate of the report, or a failed test where it was refused. */
function estimate(value: object | undefined): { value: number; lower: number; upper: number } {
  expect(value).toHaveProperty('value');
  return value as { value: number; lower: number; upper: number };
}

describe('the report of the demo world', () => {
  it('finds the effect that was planted, and for whom', async () => {
    const report = await loadReport(ctx, 'win-back');
    expect(report.interim).toBeUndefined();
    expect(report.verdict).toMatchObject({ kind: 'better', metric: 'order', arms: ['by-history'] });
    const people = customers(report.arms.reduce((n, arm) => n + arm.n, 0));
    const truth = (arm: string) =>
      people.reduce((sum, { traits }) => sum + orderProbability(arm, traits), 0) / people.length;
    const planted = truth('by-history') - truth('same-for-all');
    const order = report.metrics.find((metric) => metric.key === 'order');
    const difference = estimate(order?.comparisons[0]?.difference);
    expect(difference.lower).toBeLessThan(planted);
    expect(difference.upper).toBeGreaterThan(planted);
    const loyalty = report.cohorts.find((cohort) => cohort.trait === 'loyalty');
    const effect = loyalty?.effects.find((candidate) => candidate.metric === 'order');
    expect(effect?.interaction).toHaveProperty('p');
    expect((effect?.interaction as { p: number }).p, 'only loyal customers react').toBeLessThan(0.05);
    const loyal = estimate(effect?.values.find(({ value }) => value === 'loyal')?.difference);
    expect(loyal.lower).toBeLessThan(0.13);
    expect(loyal.upper).toBeGreaterThan(0.13);
  });

  it('counts everybody whom it enrolled, and money to the cent', async () => {
    const report = await loadReport(ctx, 'win-back');
    const enrolled = await database
      .knex('enrolments')
      .where({ experiment: 'win-back' })
      .count('* as n')
      .first();
    expect(report.arms.reduce((n, arm) => n + arm.n, 0)).toBe(Number(enrolled?.['n']));
    // Orders within 14 days of the recipient's own send, less what was cancelled or paid back within them.
    const cents = await database.knex.raw<{ rows: { sum: string }[] }>(`
      with sends as (
        select e.recipient_key, v.at from enrolments e
        join messages m on m.enrolment = e.id join events v on v.message_id = m.message_id
        where e.experiment = 'win-back' and v.type = 'sent'
      ), counted as (
        select v.*, s.at + interval '14 days' as closes from events v join sends s using (recipient_key)
        where v.at >= s.at and v.at < s.at + interval '14 days'
      )
      select sum(o.value - coalesce((select sum(r.value) from counted r where r.type = 'refund' and r.order_id = o.order_id), 0))
      from counted o
      where o.type = 'purchase' and not exists
        (select 1 from counted c where c.type = 'cancel' and c.order_id = o.order_id)`);
    const totals = report.metrics
      .find(({ key }) => key === 'revenue')
      ?.arms.map(({ total }) => Math.round(Number(total) * 100));
    expect(totals?.reduce((a, b) => a + b)).toBe(Number(cents.rows[0]?.sum));
  });

  it('gives no verdict while recipients are being enrolled', async () => {
    const report = await loadReport(ctx, 'spring-offer');
    expect(report.interim).toMatch(/still being enrolled/);
    expect(report.verdict.kind).toBe('interim');
    expect(report.factorial?.metrics.length).toBeGreaterThan(0);
    expect(report.metrics[0]?.arms.map(({ arm }) => arm)).toHaveLength(4);
  });

  it('says of a draft that it has not started, and refuses every number', async () => {
    const report = await loadReport(ctx, 'summer-preview');
    expect(report.interim).toMatch(/not started/);
    for (const { value } of report.metrics.flatMap((metric) => metric.arms))
      expect(value).toHaveProperty('refused', true);
  });

  it('is one snapshot as long as it says the same, and can be called by its id for ever', async () => {
    const first = await loadReport(ctx, 'spring-offer');
    ctx.setTime('2026-03-01T09:30:00Z');
    const second = await loadReport(ctx, 'spring-offer');
    expect(second).toEqual(first);
    await assignRecipients(ctx, 'spring-offer', [{ id: 'one more' }]);
    const third = await loadReport(ctx, 'spring-offer');
    expect(third.snapshot).not.toBe(first.snapshot);
    expect(third.asOf).toBe('2026-03-01T09:30:00.000Z');
    expect(await loadReport(ctx, 'spring-offer', first.snapshot)).toEqual(first);
    for (const id of ['r_00000000000000000000', '', "' or 1=1", '\0']) {
      await expect(loadReport(ctx, 'spring-offer', id)).rejects.toMatchObject({ code: 'snapshot_not_found' });
    }
    await expect(loadReport(ctx, 'win-back', first.snapshot)).rejects.toMatchObject({
      code: 'snapshot_not_found',
    });
  });

  it('stands on cells and arms that can be made again', async () => {
    for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
    for (const result of await audit(ctx)) expect(result.differenceCount).toBe(0);
  });

  it('uses the error rate that the plan declares', async () => {
    const key = await startExample(ctx, { key: 'strict', plan: { alpha: 0.01 } });
    const report = await loadReport(ctx, key);
    expect(report.level).toBe(0.99);
  });

  it('does not wait for a send that lies in the future', async () => {
    const key = await startExample(ctx, { key: 'clock', plan: {} });
    const [first] = await enrol(ctx, key, 40);
    const sent = { id: 'wrong clock', type: 'sent', messageId: first!.messageId, at: '2099-01-01T00:00:00Z' };
    await recordEvents(ctx, [sent]);
    await changeStatus(ctx, key, 'stop');
    ctx.setTime('2026-06-01T00:00:00Z');
    expect((await loadReport(ctx, key)).interim).toBeUndefined();
  });

  it('says when enrolment was stopped before its planned end, and not when it was not', async () => {
    const checksOf = async (key: string) => (await loadReport(ctx, key)).health.map(({ check }) => check);
    const key = await startExample(ctx, { key: 'early', plan: { end: '2026-12-01T00:00:00Z' } });
    await enrol(ctx, key, 10);
    expect(await checksOf(key)).not.toContain('stopped_early');
    await changeStatus(ctx, key, 'stop');
    expect(await checksOf(key)).toContain('stopped_early');
    expect(await checksOf('win-back')).not.toContain('stopped_early');
  });

  it('never decides on opens', async () => {
    const opens = {
      key: 'open',
      type: 'proportion',
      event: 'opened',
      role: 'primary',
      direction: 'increase',
    };
    const key = await startExample(ctx, { key: 'opens', metrics: [opens], plan: {} });
    const enrolled = await enrol(ctx, key, 400);
    const opened = enrolled.filter(({ levels }) => levels['subject'] === 'question');
    await recordEvents(
      ctx,
      [
        ...enrolled.map((one) => ({ ...one, type: 'delivered' })),
        ...opened.map((one) => ({ ...one, type: 'opened' })),
      ].map(({ messageId, type }) => ({
        id: `${type} ${messageId}`,
        type,
        messageId,
        at: ctx.clock().toISOString(),
      })),
    );
    await changeStatus(ctx, key, 'stop');
    ctx.setTime('2026-09-01T00:00:00Z');
    const report = await loadReport(ctx, key);
    expect(report.verdict).toMatchObject({
      kind: 'refused',
      sentence: expect.stringMatching(/opens are pictures loaded/) as string,
    });
  });

  it('is seeded whole or not at all', async () => {
    let calls = 0;
    const clock = () => {
      if ((calls += 1) === 2) throw new Error('interrupted');
      return ctx.clock();
    };
    for (const table of [
      'snapshots',
      'cells',
      'refills',
      'messages',
      'events',
      'decisions',
      'enrolments',
      'experiments',
    ])
      await database.knex(table).delete();
    await expect(seedDemo({ ...ctx, clock })).rejects.toThrow('interrupted');
    expect(await database.knex('experiments')).toEqual([]);
    expect((await seedDemo(ctx)).seeded).toBe(true);
  });

  it('is seeded once only', async () => {
    expect(await seedDemo(ctx)).toEqual({ seeded: false, experiments: [] });
  });
});
