import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { loadReport } from '../../src/flows/load-report.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { type TestContext, testContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

const database = await openTestDatabase();
const db = database.knex;
let ctx: TestContext;
beforeEach(async () => {
  await emptyTables(db);
  ctx = testContext(db);
});
afterAll(() => database.close());

const buy = (recipient: string, at: string) =>
  recordEvents(ctx, [{ id: `p ${recipient} ${at}`, type: 'purchase', recipient, at }]);

const thanks = (id: string) => ({
  kind: 'rules',
  rules: [{ id, when: { segment: 'recent-buyers' }, slots: { subject: 'Thank you' } }],
  default: { subject: 'Come in' },
});
/** Whoever is drawn where, the segment decides. */
const byRule = {
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'one', strategy: thanks('buyers') },
        { key: 'two', strategy: thanks('customers') },
      ],
    },
  ],
  control: 'one',
  weights: [1, 1],
};

async function startWith(change: object): Promise<string> {
  const { key } = await createExperiment(ctx, { ...exampleDraft, ...change });
  await changeStatus(ctx, key, 'start');
  return key;
}

describe('a segment in a rule', () => {
  it('is live: the very next decision sees an event', async () => {
    await registerSegment(ctx, { name: 'recent-buyers', when: { event: 'purchase', within: '7d' } });
    const key = await startWith(byRule);
    const subjectFor = async (id: string) => {
      const [answer] = await assignRecipients(ctx, key, [{ id }]);
      return answer && 'content' in answer ? answer.content['subject'] : answer;
    };
    expect(await subjectFor('ann')).toBe('Come in');
    await buy('bob', '2026-03-01T08:59:59.999Z');
    expect(await subjectFor('bob')).toBe('Thank you');
    // Who is enrolled keeps what was decided.
    await buy('ann', '2026-03-01T08:59:59.999Z');
    expect(await subjectFor('ann')).toBe('Come in');
  });

  it('stays what it was when a newer version comes', async () => {
    await registerSegment(ctx, { name: 'recent-buyers', when: { event: 'purchase', within: '7d' } });
    const key = await startWith(byRule);
    await registerSegment(ctx, { name: 'recent-buyers', when: { event: 'view' } });
    await buy('bob', '2026-03-01T08:00:00.000Z');
    const [answer] = await assignRecipients(ctx, key, [{ id: 'bob' }]);
    expect(answer).toMatchObject({ content: { subject: 'Thank you' } });
  });

  it('must be there when the experiment is made', async () => {
    await expect(createExperiment(ctx, { ...exampleDraft, ...byRule })).rejects.toMatchObject({
      problems: [{ path: 'factors[0].levels[0].strategy.rules[0].when.segment' }, {}],
    });
  });
});

describe('a segment as a cohort', () => {
  it('is who was in it at the enrolment, whatever happens afterwards', async () => {
    await registerSegment(ctx, { name: 'recent-buyers', when: { event: 'purchase', within: '7d' } });
    const key = await startWith({ cohorts: ['country', { segment: 'recent-buyers' }] });
    await registerSegment(ctx, { name: 'recent-buyers', when: { event: 'view' } });
    await buy('bob', '2026-03-01T08:00:00.000Z');
    await assignRecipients(ctx, key, [{ id: 'ann', traits: { country: 'AT' } }, { id: 'bob' }]);
    await buy('ann', '2026-03-01T08:30:00.000Z');
    const stored = await db('enrolments').orderBy('id').select('recipient_key', 'cohorts');
    const cohorts = new Map(
      stored.map((row: { recipient_key: string; cohorts: object }) => [row.recipient_key, row.cohorts]),
    );
    expect(cohorts.get(ctx.pseudonyms.recipientKey('ann'))).toEqual({
      country: 'AT',
      'segment:recent-buyers': 'not in',
    });
    expect(cohorts.get(ctx.pseudonyms.recipientKey('bob'))).toEqual({
      country: '(unknown)',
      'segment:recent-buyers': 'in',
    });
    expect((await findExperiment(ctx, key)).cohorts[1]).toEqual({
      trait: 'segment:recent-buyers',
      segment: 'recent-buyers@1',
    });
    const report = await loadReport(ctx, key);
    expect(report.cohorts.map(({ trait }) => trait)).toContain('segment:recent-buyers');
  });

  it('is unknown of somebody with more events than can be used', async () => {
    await registerSegment(ctx, { name: 'viewers', when: { event: 'view' } });
    const key = await startWith({ cohorts: [{ segment: 'viewers@1' }] });
    await db.raw(
      `insert into events (id, recipient_key, type, at, source, received_at)
       select 'b' || g, ?, 'view', timestamptz '2026-01-01', 'test', now() from generate_series(1, 10001) g`,
      [ctx.pseudonyms.recipientKey('bot')],
    );
    await assignRecipients(ctx, key, [{ id: 'bot' }]);
    expect(await db('enrolments').pluck('cohorts')).toEqual([{ 'segment:viewers': '(unknown)' }]);
  });

  it('is refused where there is none, and twice', async () => {
    const problems = async (cohorts: readonly unknown[]) =>
      createExperiment(ctx, { ...exampleDraft, cohorts }).catch(
        (error: unknown) => (error as { problems: object[] }).problems,
      );
    expect(await problems([{ segment: 'nobody' }])).toEqual([
      { path: 'cohorts[0].segment', message: 'there is no segment "nobody"; register it first' },
    ]);
    await registerSegment(ctx, { name: 'viewers', when: { event: 'view' } });
    expect(await problems([{ segment: 'viewers' }, { segment: 'viewers@1' }])).toMatchObject([
      { path: 'cohorts[1]' },
    ]);
    expect(await problems([{ segment: 'No Name' }])).toMatchObject([{ path: 'cohorts[0].segment' }]);
  });
});
