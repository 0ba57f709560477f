import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { consistencyRules } from '../../src/database/questions/consistency-rules.js';
import type { Database } from '../../src/database/open.js';
import { checkQuality } from '../../src/flows/check-quality.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';
import { insertQualityWorld } from '../support/quality-world.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterEach(async () => {
  await emptyTables(database.knex);
  ctx.setTime('2026-03-01T09:00:00.000Z');
});
afterAll(() => database.close());

describe('checkQuality', () => {
  it('finds who breaks each rule, and nobody else', async () => {
    await insertQualityWorld(database.knex);
    const report = await checkQuality(ctx);
    const found = report.consistency.map(({ id, checked, violations, samples }) => [
      id,
      checked,
      violations,
      samples,
    ]);
    expect(found).toEqual([
      ['purchase-without-view', 3, 1, ['unseen']],
      ['refund-above-order', 2, 1, ['greedy']],
      ['bounced-and-opened', 2, 1, ['bouncer']],
      ['before-sent', 6, 1, ['early']],
      ['ahead-of-arrival', 26, 2, ['hasty']],
      ['item-unknown', 2, 1, ['odd']],
      ['birth-date-ahead', 2, 1, ['unborn']],
    ]);
  });

  it('looks at what arrived lately', async () => {
    await insertQualityWorld(database.knex);
    ctx.setTime('2026-04-05T00:00:00Z');
    const report = await checkQuality(ctx, { days: 10 });
    expect(report.days).toBe(10);
    for (const { id, checked } of report.consistency.slice(0, -1)) expect([id, checked]).toEqual([id, 0]);
    const far = await checkQuality(ctx, { days: 60 });
    expect(far.consistency.find(({ id }) => id === 'ahead-of-arrival')?.checked).toBe(26);
  });

  it('counts what profiles lack and what was refused', async () => {
    await recordProfiles(ctx, [
      { recipient: 'a', traits: { country: 'AT', email: 'a@example.com' } },
      { recipient: 'b', traits: { country: 'DE', plan: 'free' } },
      { recipient: 'c', traits: { country: 'DE', email: 'x' } },
      { recipient: 'd', traits: { email: 'y', phone: 'z' } },
      { recipient: 'e', traits: { plan: null } },
    ]);
    const usual = await checkQuality(ctx);
    expect(usual.completeness).toMatchObject({ profiles: 3, expected: ['country'], incomplete: 1 });
    expect(usual.completeness.traits.map(({ trait, known }) => [trait, known])).toEqual([
      ['country', 2],
      ['email', 1],
      ['plan', 1],
    ]);
    expect(usual.format.rows).toEqual([
      { kind: 'profiles', code: 'invalid_format', path: 'traits.email', n: 2 },
    ]);
    expect(usual.findings).toHaveLength(1);
    const strict = await checkQuality(ctx, {
      required: ['country', 'email'],
      thresholds: { maxIncomplete: 1, maxRefused: 1 },
    });
    expect(strict.completeness.incomplete).toBe(2);
    expect(strict.findings).toEqual(['2 rows were refused, more than 1.']);
  });

  it('has nothing to say about an empty database', async () => {
    const report = await checkQuality(ctx);
    expect(report.findings).toEqual([]);
    expect(report.consistency.map(({ id }) => id)).toEqual(consistencyRules.map(({ id }) => id));
    expect(new Set(consistencyRules.map(({ id }) => id)).size).toBe(consistencyRules.length);
  });

  it('names five of many', async () => {
    await database.knex('events').insert(
      Array.from({ length: 30 }, (_, i) => ({
        id: `e${i}`,
        recipient_key: `r${String(i % 10)}`,
        type: 'view',
        at: '2026-03-01T09:00:00Z',
        received_at: '2026-03-01T08:00:00Z',
        source: 'test',
      })),
    );
    const report = await checkQuality(ctx);
    const ahead = report.consistency.find(({ id }) => id === 'ahead-of-arrival');
    expect(ahead).toMatchObject({ violations: 30, samples: ['r0', 'r1', 'r2', 'r3', 'r4'] });
  });
});
