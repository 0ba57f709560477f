import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { assignRecipients, type AssignedAnswer } from '../../src/flows/assign-recipients.js';
import { changeActivation } from '../../src/flows/change-activation.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findDecision } from '../../src/flows/find-decision.js';
import { findProfile } from '../../src/flows/find-profile.js';
import { coverageOf, keepAllScores, keepScores } from '../../src/flows/keep-scores.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { loadReport } from '../../src/flows/load-report.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { renderMessages } from '../../src/flows/render-messages.js';
import { replay } from '../../src/flows/replay.js';
import { type ScoredRecipients, scoreRecipients } from '../../src/flows/score-recipients.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { reportAsText } from '../../src/reports/as-text.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';
import { shopLog } from '../strategies/ml/shop-world.js';
import { hello, template } from './templated.js';

let database: Database;
let ctx: TestContext;
const model = { estimator: 'logistic', features: ['recency_days', 'count(purchase, 30d)', 'trait.plan'] };
const action = {
  key: 'mail',
  outcome: { event: 'purchase' },
  value: 10,
  cost: 5,
  slots: { subject: 'Come' },
};
const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `r_${String(i).padStart(5, '0')}`);
const day = 86_400_000;

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  const { histories } = shopLog(150, 'shop', ctx.clock());
  const events = [...histories].flatMap(([recipient, history]) =>
    history
      .filter(({ type }) => type === 'purchase')
      .map(({ id, type, at, item, category }) => ({
        ...{
          id,
          type,
          recipient,
          item,
          category,
          at: new Date(at).toISOString(),
          value: '19.90',
          currency: 'EUR',
        },
      })),
  );
  await recordItems(ctx, [{ item: 'shoes-0', category: 'shoes' }]);
  await recordEvents(ctx, events);
  await takeSnapshot(ctx);
  await registerStrategy(ctx, {
    name: 'again',
    definition: {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', model },
      levels: [{ atLeast: 0, slots: { subject: 'Hello' } }],
    },
  });
  await registerStrategy(ctx, {
    name: 'worth-it',
    definition: { kind: 'next_best_action', horizon: '14d', model, actions: [action] },
  });
  await learnStrategy(ctx, 'again', { by: 'test' });
  await learnStrategy(ctx, 'worth-it', { by: 'test' });
});
afterAll(() => database.close());

const scoreOf = ({ recipients }: ScoredRecipients, at: number): number => {
  const row = recipients[at];
  return row && 'scores' in row ? (row.scores['outcome'] ?? NaN) : NaN;
};

describe('scoreRecipients', () => {
  it('says the model, the clock and a probability for each, with bad rows in their places', async () => {
    const answer = await scoreRecipients(ctx, 'again', ['r_00003', '', 7, 'nobody', 'r_00003', 'r_00005']);
    expect(answer).toMatchObject({ strategy: 'again@1', model: 'again/1', clock: ctx.clock().toISOString() });
    expect(answer.recipients.map((row) => ('error' in row ? [row.index, row.error.code] : row.id))).toEqual([
      'r_00003',
      [1, 'empty_id'],
      [2, 'invalid_id'],
      [3, 'recipient_unknown'],
      'r_00003',
      'r_00005',
    ]);
    // The keen one buys again; whoever stopped does not.
    expect(scoreOf(answer, 0)).toBeGreaterThan(0.5);
    expect(scoreOf(answer, 4)).toBe(scoreOf(answer, 0));
    expect(scoreOf(answer, 5)).toBeLessThan(0.5);
  });

  it('looks at nothing from its clock on, and at no trait that was said later', async () => {
    const before = new Date(ctx.clock().getTime() - 20 * day);
    const first = await scoreRecipients(ctx, 'again', ids(20), before);
    const late = { id: 'late', type: 'purchase', recipient: 'r_00005', at: before.toISOString() };
    await recordEvents(ctx, [late]);
    await recordProfiles(ctx, [{ recipient: 'r_00005', traits: { plan: 'gold' } }]);
    expect(await scoreRecipients(ctx, 'again', ids(20), before)).toEqual(first);
    const later = await scoreRecipients(ctx, 'again', ids(20), new Date(before.getTime() + 1));
    expect(scoreOf(later, 5)).not.toBe(scoreOf(first, 5));
  });

  it('refuses too many, a clock ahead, a kind that predicts nothing, and a strategy without a model', async () => {
    const many = Array.from({ length: 10_001 }, () => 'x');
    await expect(scoreRecipients(ctx, 'again', many)).rejects.toMatchObject({ code: 'too_many_recipients' });
    const ahead = new Date(ctx.clock().getTime() + 1);
    await expect(scoreRecipients(ctx, 'again', ['a'], ahead)).rejects.toMatchObject({
      code: 'invalid_clock',
    });
    await registerStrategy(ctx, { name: 'plain', definition: { kind: 'static', slots: { subject: 'x' } } });
    await expect(scoreRecipients(ctx, 'plain', ['a'])).rejects.toMatchObject({ code: 'scores_nothing' });
    const levels = [{ atLeast: 0, slots: { subject: 'x' } }];
    await registerStrategy(ctx, {
      name: 'untaught',
      definition: { kind: 'churn', horizon: '30d', model, levels },
    });
    await expect(scoreRecipients(ctx, 'untaught', ['a'])).rejects.toMatchObject({ code: 'no_model' });
    await expect(scoreRecipients(ctx, 'no-such', ['a'])).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('keepScores', () => {
  it('goes on where it was interrupted, and keeps who said the score and as of when', async () => {
    const stop = new Error('enough');
    const interrupt = () => {
      throw stop;
    };
    await expect(keepScores(ctx, 'again', { onProgress: interrupt })).rejects.toBe(stop);
    const second = await keepScores(ctx, 'again');
    expect(second.scored + second.before).toBe(second.recipients);
    expect(second.before).toBeGreaterThan(0);
    expect(await keepScores(ctx, 'again')).toMatchObject({ scored: 0, before: second.recipients });
    const { traits } = await findProfile(ctx, 'r_00003');
    const clock = new Date(Math.floor(ctx.clock().getTime() / day) * day).toISOString();
    const given = await scoreRecipients(ctx, 'again', ['r_00003'], new Date(clock));
    expect(traits.find(({ trait }) => trait === 'score_again')).toEqual({
      ...{ trait: 'score_again', source: 'model:again/1', at: clock },
      value: Math.round(scoreOf(given, 0) * 1e6) / 1e6,
    });
    expect(await coverageOf(ctx, 'again')).toMatchObject({
      ...{ trait: 'score_again', recipients: second.recipients, scored: second.recipients },
      ...{ oldest: clock, newest: clock },
    });
  });

  it('says nothing of whoever the model does not speak about, and takes back what it said of them before', async () => {
    const { ids: everybody, gone } = await goneLately();
    const before = new Date(ctx.clock().getTime() - 70 * day);
    expect((await keepScores(ctx, 'stays', { clock: before })).leftOut.length).toBeLessThan(2);
    expect(await traitOf(gone)).toMatchObject({ source: 'model:stays/1' });
    const answer = await scoreRecipients(ctx, 'stays', everybody);
    const left = answer.recipients.filter((row) => 'error' in row);
    expect(left.length).toBeGreaterThan(5);
    expect(left.length).toBeLessThan(everybody.length / 2);
    expect(answer.recipients[everybody.indexOf(gone)]).toMatchObject({
      error: {
        code: 'not_spoken_about',
        message: 'the model does not speak about them: not active within 60 days before the clock',
      },
    });
    const kept = await keepScores(ctx, 'stays');
    const reason = 'not active within 60 days before the clock';
    expect(kept.leftOut).toEqual([{ reason, recipients: kept.recipients - kept.scored }]);
    expect(await traitOf(gone)).toMatchObject({ value: null, source: 'model:stays/1' });
    expect(await coverageOf(ctx, 'stays')).toMatchObject({ scored: kept.scored });
    expect(await keepScores(ctx, 'stays')).toMatchObject({ scored: 0, before: kept.scored });
  });

  async function goneLately() {
    await registerStrategy(ctx, {
      name: 'stays',
      definition: {
        ...{ kind: 'churn', horizon: '14d', active: '60d', model },
        levels: [{ atLeast: 0, slots: { subject: 'Stay' } }],
      },
    });
    await learnStrategy(ctx, 'stays', { by: 'test' });
    const everybody = ids(150);
    const { recipients } = await scoreRecipients(ctx, 'stays', everybody);
    const at = recipients.findIndex((row) => 'error' in row);
    return { ids: everybody, gone: everybody[at] ?? '' };
  }

  async function traitOf(recipient: string) {
    const { traits } = await findProfile(ctx, recipient);
    return traits.find(({ trait }) => trait === 'score_stays');
  }

  it('scores every night what is active and has learned, and nothing else', async () => {
    expect(await keepAllScores(ctx)).toBeUndefined();
    await changeActivation(ctx, 'activate', 'worth-it', { version: 1 }, 'test');
    expect(await keepAllScores(ctx)).toMatchObject({ names: ['worth-it'], failed: [] });
    expect(await keepAllScores(ctx)).toBeUndefined();
  });
});

describe('an arm that sends nothing where it does not pay', () => {
  it('says so to the sender, in the ledger, on replay and in the report, and counts everybody', async () => {
    const levels = [
      {
        key: 'all',
        strategy: { kind: 'static', slots: { subject: 'Come' } },
        template: await template(ctx, hello),
      },
      {
        ...{ key: 'some', strategy: 'worth-it@1', fallback: { subject: 'Come' } },
        template: await template(ctx, hello),
      },
    ];
    const factors = [{ key: 'strategy', levels }];
    const metrics = [{ use: 'conversion', role: 'primary' }];
    await createExperiment(ctx, { key: 'x', factors, metrics, window: '7d', hypothesis: 'h', salt: 's' });
    await changeStatus(ctx, 'x', 'start');
    const answers = await assignRecipients(
      ctx,
      'x',
      ids(120).map((id) => ({ id })),
    );
    const assigned = answers.filter((one): one is AssignedAnswer => 'arm' in one);
    const withheld = assigned.filter(({ send }) => send === false);
    expect(assigned).toHaveLength(120);
    expect(withheld.length).toBeGreaterThan(10);
    expect(withheld.length).toBeLessThan(assigned.filter(({ arm }) => arm === 'some').length);
    for (const { arm, content, delivered } of withheld)
      expect([arm, content, delivered]).toEqual(['some', {}, 'strategy']);
    expect(await findDecision(ctx, withheld[0]?.decisionId ?? '')).toMatchObject({
      ...{
        withheld: true,
        slots: {},
        differences: [],
        reason: expect.stringMatching(/^nothing: mail is worth/),
      },
    });
    expect(await replay(ctx, 'x')).toMatchObject({ decisions: 120, differenceCount: 0 });
    const rendered = await renderMessages(ctx, 'x', [{ id: withheld[0]?.id }]);
    expect(rendered).toEqual([expect.objectContaining({ id: withheld[0]?.id, arm: 'some', send: false })]);
    expect(rendered[0]).not.toHaveProperty('html');
    const report = await loadReport(ctx, 'x');
    expect(report.arms.reduce((sum, { n }) => sum + n, 0)).toBe(120);
    expect(report.delivery?.arms.find(({ arm }) => arm === 'some')).toMatchObject({
      ...{ withheld: withheld.length, fallbacks: [] },
      share: { value: 1 },
    });
    expect(reportAsText(report)).toMatch(/sent\s+nothing,\s+as\s+their\s+strategy\s+chose/);
  });
});
