import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { listScorers } from '../../src/flows/find-scorers.js';
import { loadReport } from '../../src/flows/load-report.js';
import { previewArms } from '../../src/flows/preview-arms.js';
import { registerScorer } from '../../src/flows/register-scorer.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { replay } from '../../src/flows/replay.js';
import { tryScorer } from '../../src/flows/try-scorer.js';
import { card, json, StubScorer } from '../scorers/stub-scorer.js';
import { testContext, type TestContext, testScorers } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { denseModel } from '../support/onnx-model.js';
import { hasOnnxRuntime } from '../support/onnx-runtime.js';

let database: Database;
let stub: StubScorer;
let ctx: TestContext;

beforeAll(async () => {
  database = await openTestDatabase();
  stub = await StubScorer.open();
});
afterAll(async () => {
  await database.close();
  await stub.close();
});
beforeEach(async () => {
  await emptyTables(database.knex);
  ctx = testContext(database.knex, undefined, testScorers());
  stub.calls.length = 0;
  stub.behave = ({ body }, response) =>
    json(response, { model: 'churn-1', scores: body.rows.map(([age]) => Number(age) / 100) });
});
afterEach(() => ctx.scorers.close());

const features = ['trait.age'];
/** With time enough for a busy machine. */
const definition = () => ({
  ...{ type: 'http', url: stub.url, model: 'churn-1', features, card },
  ...{ budgetMs: 5_000, timeoutMs: 4_000 },
});
const scored = {
  kind: 'scored',
  scorer: 'churn@1',
  features,
  levels: [
    { atLeast: 0, slots: { subject: 'Hello' } },
    { atLeast: 0.5, slots: { subject: 'Please stay' } },
  ],
};

async function draft(): Promise<void> {
  await registerStrategy(ctx, { name: 'by-churn', definition: scored });
  await createExperiment(ctx, {
    key: 'stay',
    hypothesis: 'Those who are about to leave stay when they are asked to.',
    factors: [
      {
        key: 'strategy',
        levels: [
          { key: 'plain', strategy: { kind: 'static', slots: { subject: 'News' } } },
          { key: 'scored', strategy: 'by-churn@1', fallback: { subject: 'News' } },
        ],
      },
    ],
    metrics: [{ use: 'conversion', role: 'primary' }],
    window: '7d',
    salt: 'stay-salt',
  });
}

async function started(given: object = {}): Promise<void> {
  await registerScorer(ctx, { name: 'churn', definition: { ...definition(), ...given } }, 'ada');
  await draft();
  await changeStatus(ctx, 'stay', 'start');
}

const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: `p-${from + i}`, traits: { age: (from + i) % 100 } }));
async function assign(count: number, from = 0) {
  const answers = await assignRecipients(ctx, 'stay', people(count, from));
  return answers.flatMap((answer) => ('arm' in answer ? [answer] : []));
}
const inputs = () =>
  database
    .knex<{ inputs: { scores?: Record<string, unknown> } }>('decisions')
    .whereRaw("inputs::text like '%scores%'");

describe('an arm that asks a scorer', () => {
  it('asks once for a whole call, and only about its own recipients', async () => {
    await started();
    const answers = await assign(60);
    const own = answers.filter(({ arm }) => arm === 'scored');
    expect(own.length).toBeGreaterThan(15);
    for (const { id, content, delivered } of own) {
      expect(delivered).toBe('strategy');
      expect(content['subject']).toBe(Number(id.slice(2)) >= 50 ? 'Please stay' : 'Hello');
    }
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]?.body.rows).toHaveLength(own.length);
    expect(await inputs()).toHaveLength(own.length);
    expect(JSON.stringify(stub.calls.map(({ body }) => body))).not.toContain('p-');
    await assign(60);
    expect(stub.calls).toHaveLength(1);
  });

  it('decides again from the ledger without its scorer', async () => {
    await started();
    await assign(40);
    stub.behave = (_, response) => json(response, { model: 'churn-2', scores: [] });
    const asked = stub.calls.length;
    await ctx.scorers.close();
    expect(await replay(ctx, 'stay')).toMatchObject({ decisions: 40, differenceCount: 0 });
    expect(stub.calls).toHaveLength(asked);
    await database.knex.raw(
      `update decisions set inputs = replace(inputs::text, '"churn@1":0.', '"churn@1":0.9')::json
       where inputs::text like '%"churn@1":0.1%'`,
    );
    expect((await replay(ctx, 'stay')).differenceCount).toBeGreaterThan(0);
  });

  it('answers 1,000 recipients within its budget while the scorer is out, with fallbacks counted', async () => {
    await started({ budgetMs: 300, timeoutMs: 200 });
    stub.behave = () => undefined;
    const from = performance.now();
    const answers = await assign(1_000);
    const hanging = performance.now() - from;
    const own = answers.filter(({ arm }) => arm === 'scored');
    expect(answers).toHaveLength(1_000);
    expect(own.every(({ content }) => content['subject'] === 'News')).toBe(true);
    expect(own.every(({ fallbackReason }) => fallbackReason === 'churn@1 did not answer in time')).toBe(true);
    // The same call with a scorer that answers at once, for comparison: the budget is all that the outage adds.
    stub.behave = ({ body }, response) =>
      json(response, { model: 'churn-1', scores: body.rows.map(() => 0.5) });
    const again = performance.now();
    await assign(1_000, 1_000);
    const answering = performance.now() - again;
    expect(hanging).toBeLessThan(3 * answering + 300 + 700);
    expect(await replay(ctx, 'stay')).toMatchObject({ decisions: 2_000, differenceCount: 0 });
    expect(JSON.stringify(await loadReport(ctx, 'stay'))).toContain('churn@1 did not answer in time');
    const [listed] = await listScorers(ctx);
    expect(listed?.state.reasons).toMatchObject({ timeout: own.length });
  }, 60_000);

  it('is not slowed down by an outage that goes on: the breaker opens', async () => {
    await started();
    stub.behave = (_, response) => void response.writeHead(500).end();
    for (let call = 0; call < 6; call += 1) await assign(20, call * 20);
    const asked = stub.calls.length;
    const answers = await assign(20, 500);
    expect(stub.calls).toHaveLength(asked);
    expect(answers.find(({ arm }) => arm === 'scored')?.fallbackReason).toMatch(
      /failed lately and was not asked/,
    );
    expect((await listScorers(ctx))[0]?.state.breaker).toBe('open');
  });

  it('pins the scorer in its manifest, and can be looked at beforehand', async () => {
    await started();
    const [scorer] = await listScorers(ctx);
    await assign(30);
    const manifests = await database.knex<{ manifest: { arm: string; scorers?: object } }>('manifests');
    expect(manifests.map(({ manifest }) => manifest.scorers)).toContainEqual({ 'churn@1': scorer?.hash });
    expect(manifests.find(({ manifest }) => manifest.arm === 'plain')?.manifest).not.toHaveProperty(
      'scorers',
    );
    const preview = await previewArms(ctx, 'stay', { traits: { age: 80 } });
    expect(preview.arms[1]).toMatchObject({
      slots: { subject: 'Please stay' },
      trace: { scorer: 'churn@1', score: 0.8, level: 0.5, features: { 'trait.age': 80 } },
    });
  });

  it('is not started without its scorer, or with other features', async () => {
    await draft();
    const start = () => changeStatus(ctx, 'stay', 'start');
    await expect(start()).rejects.toMatchObject({
      problems: [
        {
          path: 'factors[0].levels[1].strategy',
          message: expect.stringMatching(/"churn@1", which is not registered/) as string,
        },
      ],
    });
    await registerScorer(
      ctx,
      { name: 'churn', definition: { ...definition(), features: ['trait.age', 'recency_days'] } },
      'ada',
    );
    await expect(start()).rejects.toMatchObject({
      problems: [
        { message: expect.stringMatching(/leaves out recency_days: its features must be/) as string },
      ],
    });
  });
});

describe('registering a scorer', () => {
  it('gives the next version, and for the same the one that is there', async () => {
    const first = await registerScorer(ctx, { name: 'churn', definition: definition() }, 'ada');
    expect(first).toMatchObject({ name: 'churn', version: 1, registeredBy: 'ada' });
    const second = await registerScorer(
      ctx,
      { name: 'churn', definition: { ...definition(), retries: 0 } },
      'ada',
    );
    expect(second.version).toBe(2);
    expect(await registerScorer(ctx, { name: 'churn', definition: definition() }, 'bob')).toEqual(first);
  });

  it.each([
    [{ url: 'ftp://x/' }, 'definition.url', /must be an address/],
    [{ url: 'http://me:secret@x/' }, 'definition.url', /no user or password/],
    [{ headers: { Authorization: 'Bearer abc' } }, 'definition.headers.Authorization', /likely a secret/],
    [
      { headers: { 'X-Api-Key': { secret: 'NOT_SET' } } },
      'definition.headers',
      /POSTULATE_SCORER_SECRET_NOT_SET/,
    ],
    [{ headers: { Host: 'other' } }, 'definition.headers.Host', /set by the call itself/],
    [{ timeoutMs: 5_000, budgetMs: 900 }, 'definition.timeoutMs', /not be more than budgetMs/],
    [{ features: ['nothing'] }, 'definition.features[0]', /no feature "nothing"/],
    [{ type: 'pickle' }, 'definition.type', /"http" or "onnx"/],
    [{ card: { owner: 'crm' } }, 'definition.card.trainedBy', /is missing: give a text/],
    [
      { card: { ...card, window: { from: '2026-01-02', until: '2026-01-01' } } },
      'definition.card.window.until',
      /after from/,
    ],
  ])('refuses %j and stores nothing', async (given, path, message) => {
    const registering = registerScorer(
      ctx,
      { name: 'churn', definition: { ...definition(), ...given } },
      'ada',
    );
    const problems: unknown = expect.arrayContaining([
      { path, message: expect.stringMatching(message) as string },
    ]);
    await expect(registering).rejects.toMatchObject({ code: 'invalid_scorer', problems });
    expect(await listScorers(ctx)).toEqual([]);
  });

  it('shows what a scorer is told and what it says', async () => {
    await started();
    await assign(30);
    const trial = await tryScorer(ctx, 'churn@1', ['p-7', 'nobody']);
    expect(trial.tried).toEqual([
      { id: 'p-7', features: { 'trait.age': 7 }, score: 0.07 },
      { id: 'nobody', features: { 'trait.age': null }, score: 0 },
    ]);
    await expect(tryScorer(ctx, 'churn', ['p-7'])).rejects.toMatchObject({ code: 'scorer_not_found' });
    await expect(tryScorer(ctx, 'churn@1', [])).rejects.toMatchObject({ code: 'too_many' });
  });
});

describe.skipIf(!hasOnnxRuntime)('an arm that asks an ONNX file', () => {
  const onnx = {
    ...{ type: 'onnx', input: 'X', output: 'P', features, card, budgetMs: 5_000 },
    columns: [{ feature: 'trait.age', missing: 0 }],
  };
  const file = Buffer.from(denseModel([{ weights: [1], bias: [-50] }])).toString('base64');

  it('scores by it, and falls back where the file is gone', async () => {
    await registerScorer(ctx, { name: 'churn', definition: onnx, file }, 'ada');
    await draft();
    await changeStatus(ctx, 'stay', 'start');
    for (const { id, arm, content } of await assign(40, 30)) {
      if (arm === 'scored')
        expect(content['subject']).toBe(Number(id.slice(2)) >= 50 ? 'Please stay' : 'Hello');
    }
    await ctx.scorers.close();
    ctx = testContext(database.knex, undefined, testScorers());
    await database.knex('scorer_files').update({ content: Buffer.from('gone') });
    const answers = (await assign(40, 100)).filter(({ arm }) => arm === 'scored');
    expect(answers.every(({ delivered }) => delivered === 'fallback')).toBe(true);
    expect(answers[0]?.fallbackReason).toMatch(/no ONNX model that can be read/);
  });

  it('is refused with a file that is something else', async () => {
    const wrong = Buffer.from('hello').toString('base64');
    await expect(
      registerScorer(ctx, { name: 'churn', definition: onnx, file: wrong }, 'ada'),
    ).rejects.toMatchObject({
      problems: [{ path: 'file', message: expect.stringMatching(/truncated/) as string }],
    });
    await expect(registerScorer(ctx, { name: 'churn', definition: onnx }, 'ada')).rejects.toMatchObject({
      problems: [{ path: 'definition.file' }],
    });
  });
});
