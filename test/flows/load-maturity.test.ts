import { beforeEach, describe, expect, it } from 'vitest';
import { convertedHistories, keyOfRecipient } from '../../src/database/questions/converted-histories.js';
import { encodeHistory } from '../../src/engagement/history.js';
import { loadMaturity } from '../../src/flows/load-maturity.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { feedExperiment } from '../support/feed-experiment.js';
import { insertRunning } from '../support/feed-rows.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex, '2026-03-20T09:00:00.000Z');
});

const day = 86_400_000;
const sentAt = Date.parse('2026-03-01T09:00:00Z');
const converted = 16;

/** One recipient who converted after so many hours, or did not. */
async function enrol(experiment: string, key: string, hours: number | undefined): Promise<void> {
  const history = [
    { key: 's', type: 'sent' as const, at: sentAt, wave: '' },
    ...(hours === undefined
      ? []
      : [{ key: 'c', type: 'converted' as const, at: sentAt + hours * 3_600_000, wave: '' }]),
  ];
  await database.knex('enrolments').insert({
    experiment,
    recipient_key: key,
    message_id: `m-${experiment}-${key}`,
    arm: 0,
    fold: 0,
    allocation_version: 1,
    cohorts: '{}',
    enrolled_at: new Date(sentAt - 60_000),
    history: encodeHistory(history),
    stations: hours === undefined ? 1 : 1 + converted,
  });
}

describe('the maturity of an experiment', () => {
  it('is the share of first conversions that had come in by each age', async () => {
    await insertRunning(database.knex, feedExperiment('one'));
    // 30 in the first hour, 10 after a week.
    for (let i = 0; i < 40; i += 1) await enrol('one', `r${i}`, i < 30 ? 0.5 : 7 * 24 + 0.5);
    for (let i = 0; i < 5; i += 1) await enrol('one', `n${i}`, undefined);
    const { curve, conversions, sampled } = await loadMaturity(ctx, 'one');
    expect([conversions, sampled]).toEqual([40, false]);
    if ('refused' in curve) throw new Error(curve.reason);
    expect(curve.points.at(-1)).toMatchObject({ ageMs: 14 * day, share: 1 });
    expect(curve.points[0]!.share).toBeCloseTo(0.75, 10);
    expect(curve.points.find((point) => point.ageMs === day)!.share).toBeCloseTo(0.75, 10);
    expect(curve.points.find((point) => point.ageMs === 7 * day)!.share).toBeCloseTo(0.75, 10);
    expect(curve.points.find((point) => point.ageMs === 8 * day)!.share).toBe(1);
  });

  it('is refused as long as there is too little, and without a window', async () => {
    await insertRunning(database.knex, feedExperiment('one'));
    await enrol('one', 'a', 1);
    expect((await loadMaturity(ctx, 'one')).curve).toMatchObject({ refused: true, code: 'too_few' });
    const { windowMs: _, ...windowless } = feedExperiment('two');
    await insertRunning(database.knex, windowless);
    expect((await loadMaturity(ctx, 'two')).curve).toMatchObject({ refused: true, code: 'invalid_input' });
    await expect(loadMaturity(ctx, 'nothing')).rejects.toMatchObject({ code: 'experiment_not_found' });
  });

  it('reads those who converted page by page, up to a key', async () => {
    await insertRunning(database.knex, feedExperiment('one'));
    for (const [key, hours] of [
      ['a', 1],
      ['b', undefined],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ] as const)
      // prettier-ignore
      await enrol('one', key, hours);
    const page = async (after: string, until?: string): Promise<string[]> =>
      (await convertedHistories(database.knex, 'one', { station: converted, after, until, limit: 2 })).map(
        (row) => row.recipientKey,
      );
    expect([await page(''), await page('c'), await page('c', 'd'), await page('e')]).toEqual([
      ['a', 'c'],
      ['d', 'e'],
      ['d'],
      [],
    ]);
    expect(await keyOfRecipient(database.knex, 'one', 4)).toBe('d');
    expect(await keyOfRecipient(database.knex, 'one', 6)).toBeUndefined();
  });
});
