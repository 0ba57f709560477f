import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertLearnedState, type LearningSource } from '../../src/database/learned-states.js';
import type { Database } from '../../src/database/open.js';
import { inTransaction } from '../../src/database/transaction.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { loadReport } from '../../src/flows/load-report.js';
import { mergeGivenProfiles } from '../../src/flows/merge-into-profiles.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { reportAsText } from '../../src/reports/as-text.js';
import { renderReportBody, renderReportEmail } from '../../src/web/render-report.js';
import { contentHash } from '../../src/strategies/content-hash.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { promoteForTests } from '../support/promote.js';
import { hello, template } from './templated.js';

let database: Database;
let ctx: TestContext;
const day = 86_400_000;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyTables(database.knex);
  ctx = testContext(database.knex);
});

const started = '2026-03-01T09:00:00.000Z';
const after = (days: number): string => new Date(Date.parse(started) + days * day).toISOString();
const rulesOn = (when: object) => ({
  kind: 'rules',
  rules: [{ id: 'keen', when, slots: { subject: 'For you' } }],
  default: { subject: 'Hello' },
});
const plain = { kind: 'static', slots: { subject: 'Hello' } };

/** A model of the strategy `keen` that learned until a moment, is in use, and could have said scores from then on. */
async function model(until: string, more: Partial<LearningSource> = {}): Promise<string> {
  ctx.setTime(until);
  const strategy = await registerStrategy(ctx, {
    name: 'keen',
    definition: {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d' },
      levels: [{ atLeast: 0, slots: { subject: 'Hello' } }],
    },
  });
  const hash = contentHash({ until });
  const source = {
    recipients: 100,
    events: 900,
    catalogue: '',
    window: { from: after(-90), until },
    ...more,
  };
  const { number, name } = await insertLearnedState(ctx.db, {
    ...{ hash, name: 'keen', strategy: strategy.hash, parent: null, state: {}, report: null },
    ...{ clock: new Date(until), seed: 's', source, createdAt: new Date(until) },
  });
  await promoteForTests(ctx, 'keen', strategy.hash, hash);
  return `model:${name}/${number}`;
}

async function score(source: string, people: readonly string[], trait = 'score_keen'): Promise<void> {
  const at = ctx.clock().toISOString();
  const rows = people.map((id, i) => ({
    ...{ recipientKey: ctx.pseudonyms.recipientKey(id), traits: { [trait]: i % 2 }, source, at },
  }));
  await inTransaction(ctx.db, (trx) => mergeGivenProfiles(trx, rows, ctx.clock()));
}

/** Two arms, the second by this strategy. */
async function start(strategy: object | string, more: object = {}, level: object = {}): Promise<void> {
  ctx.setTime(started);
  const levels = [
    { key: 'plain', strategy: plain, ...level },
    { key: 'keen', strategy, fallback: { subject: 'Hello' }, ...level },
  ];
  await createExperiment(ctx, {
    ...{ key: 'spring', hypothesis: 'h', factors: [{ key: 'strategy', levels }], window: '7d', salt: 's' },
    ...{ metrics: [{ use: 'conversion', role: 'primary' }], ...more },
  });
  await changeStatus(ctx, 'spring', 'start');
}

const people = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `p${from + i}`);
const enrol = (ids: readonly string[]) => assignRecipients(ctx, 'spring', ids.map((id) => ({ id }))); // prettier-ignore

async function finding() {
  const report = await loadReport(ctx, 'spring');
  const found = report.health.find(({ check }) => check === 'contaminated_model');
  if (!found) return undefined;
  // Every face of the report says it.
  const plain = (html: string): string => html.replace(/&#34;/g, '"').replace(/\s+/g, ' ');
  const email = await renderReportEmail(report);
  for (const face of [reportAsText(report), await renderReportBody(report)])
    expect(plain(face)).toContain(found.text);
  if (found.severity !== 'ok')
    for (const face of [email.html, email.text]) expect(plain(face)).toContain(found.text);
  return found;
}

describe('a score that rules look at', () => {
  it('is flagged where its model learned while the experiment ran, with the recipients who had it when they were enrolled', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    const source = await model(after(9.5));
    ctx.setTime(after(10));
    await score(source, people(40));
    ctx.setTime(after(10.1));
    const answers = await enrol(people(40));
    const keen = answers.filter((one) => 'arm' in one && one.arm === 'keen').length;
    expect(await finding()).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(
        new RegExp(
          `^keen \\(strategy [^ ]+@1\\) looks at score_keen, which was said by keen/1 of ${keen} recipients; keen/1 learned from what happened from 2025-12-01 until 2026-03-10, 9 days of this experiment, which started on 2026-03-01\\.`,
        ),
      ),
      evidence: {
        models: [{ arm: 'keen', model: 'keen/1', until: after(9.5), score: { recipients: keen } }],
      },
    });
  });

  it('is not where its model learned from before the start only, or is read by nobody', async () => {
    const source = await model(after(-1));
    await score(source, people(40));
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    await enrol(people(40));
    expect(await finding()).toMatchObject({ severity: 'ok' });
    // Scored after the last was enrolled, by a model that would be flagged: nobody was decided for by it.
    const late = await model(after(9));
    ctx.setTime(after(10));
    await score(late, people(40));
    expect(await finding()).toMatchObject({ severity: 'ok' });
  });

  it('is flagged as possible where a later score stands in its place', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    const first = await model(after(2));
    await score(first, people(40));
    ctx.setTime(after(3));
    await enrol(people(40));
    const second = await model(after(5));
    await score(second, people(40));
    const found = await finding();
    expect(found?.text).toMatch(/may have been said by keen\/1 of \d+ recipients whose score was said anew/);
    expect(found?.evidence).toMatchObject({ models: [{ model: 'keen/1', score: { recipients: 0 } }] });
  });

  it('is found behind a segment of a segment, and where it is one of several', async () => {
    await registerSegment(ctx, { name: 'keen-ones', when: { trait: 'score_keen.x', op: 'gte', value: 0.5 } });
    await registerSegment(ctx, { name: 'inner', when: { all: [{ segment: 'keen-ones' }] } });
    await start(rulesOn({ segment: 'inner' }));
    const source = await model(after(2));
    await score(source, people(40), 'score_keen.x');
    await enrol(people(40));
    expect((await finding())?.text).toMatch(/looks at score_keen\.x, which was said by keen\/1/);
  });

  it('is no trait that a sender gave under such a name', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    await model(after(2));
    await score('crm', people(40));
    await enrol(people(40));
    expect(await finding()).toBeUndefined();
  });
});

describe('a score that something else looks at', () => {
  it('is flagged in a template, whenever it was said', async () => {
    const tokens = { 'user.first_name': { default: 'there' }, 'user.score_keen': { default: 0, sample: 1 } };
    const body = `${hello}{% if user.score_keen > 0.5 %}For you{% endif %}`;
    const level = { template: await template(ctx, body, { tokens }) };
    await start(plain, {}, level);
    await enrol(people(40));
    const source = await model(after(2));
    await score(source, people(40));
    const found = await finding();
    expect(found?.severity).toBe('warning');
    expect(found?.text).toMatch(/keen \(template t\d+@1\) looks at score_keen, which was said by keen\/1 of/);
    expect(found?.text).toMatch(/plain \(template/);
  });

  it('is noted in cohorts, by the trait and by a segment', async () => {
    await registerSegment(ctx, { name: 'keen-ones', when: { trait: 'score_keen', op: 'gte', value: 0.5 } });
    await start(plain, { cohorts: ['score_keen', { segment: 'keen-ones' }] });
    const source = await model(after(2));
    await score(source, people(40));
    await enrol(people(40));
    const found = await finding();
    expect(found).toMatchObject({
      severity: 'notice',
      evidence: { models: [{ model: 'keen/1', score: { recipients: 40 } }, { score: { recipients: 40 } }] },
    });
    expect(found?.text).toMatch(/The cohort score_keen looks .* The cohort segment:keen-ones looks /);
  });
});
