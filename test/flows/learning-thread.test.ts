import { beforeEach, describe, expect, it } from 'vitest';
import { hasOneConnection } from '../../src/database/open.js';
import { inTransaction } from '../../src/database/transaction.js';
import { Interrupted } from '../../src/flows/learner.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { learnNow, listRuns } from '../../src/flows/run-learning.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { learningThread, type ThreadOptions } from '../../src/learning-thread.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables } from '../support/database.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { fillShop, popular } from './shop.js';

const database = databaseForTests();
let ctx: TestContext;
beforeEach(async () => {
  ctx = testContext(database.knex, new Date(Date.now() - 60_000).toISOString());
  await fillShop(ctx, 90);
  await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
  await takeSnapshot(ctx);
});

const never = new AbortController().signal;
const nothing = (): void => undefined;

function threadOptions(): ThreadOptions {
  const { connection } = (database.knex.client as { config: { connection: { connectionString?: string } } })
    .config;
  const databaseUrl = hasOneConnection(database.knex) ? undefined : connection.connectionString;
  return { databaseUrl, db: database.knex };
}

const task = (clock: Date) =>
  ({ do: 'learn', reference: 'best-sellers@1', clock: clock.toISOString(), by: 'Ana' }) as const;

describe('a thread that learns', () => {
  it('learns to the letter what is learned here, and tells how far it is', async () => {
    const thread = learningThread(threadOptions());
    const steps = new Set<string>();
    const there = await thread.run(task(ctx.clock()), (step) => void steps.add(step), never);
    const rows = await database.knex('model_promotions').select('status', 'done_by');
    expect(rows).toEqual([{ status: 'promoted', done_by: 'Ana' }]);
    await emptyTables(database.knex);
    await fillShop(ctx, 90);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await takeSnapshot(ctx);
    const here = await learnStrategy(ctx, 'best-sellers', { clock: ctx.clock(), by: 'Ana' });
    expect(there.hash).toBe(here.hash);
    expect(there.source).toEqual(here.source);
    expect(steps.size).toBeGreaterThan(0);
    await thread.close();
  });

  it('lets others have the database meanwhile, transactions too', async () => {
    const thread = learningThread(threadOptions());
    const learning = thread.run(task(ctx.clock()), nothing, never);
    for (let i = 0; i < 50; i++) {
      const sum = await inTransaction(database.knex, async (trx) => {
        await trx('contents').insert({ hash: `h${i}`, slots: '{}' });
        const result = await trx.raw<{ rows: { n: number }[] }>('select count(*)::int as n from contents');
        return result.rows[0]?.n;
      });
      expect(sum).toBe(i + 1);
    }
    expect(await learning).toMatchObject({ number: 1 });
    await thread.close();
  });

  it('can be ended at any moment, with nothing changed and the database free', async () => {
    const thread = learningThread(threadOptions());
    for (const after of [0, 200, 400, 600, 800]) {
      const ender = new AbortController();
      const learning = thread.run(task(ctx.clock()), nothing, ender.signal).catch((error: unknown) => error);
      setTimeout(() => ender.abort(), after);
      const answer = await learning;
      const isThere = (await database.knex('learned_states').select('hash')).length;
      if (answer instanceof Error) expect(answer).toBeInstanceOf(Interrupted);
      expect(isThere).toBe((await database.knex('model_promotions').select('id')).length);
      await forgetModels();
    }
    await thread.close();
  });

  it('ends when the service does, with the run marked and free to be started again', async () => {
    const thread = learningThread(threadOptions());
    const own = { ...ctx, learner: thread };
    const learning = learnNow(own, 'best-sellers', { by: 'Ana' }, { tell: nothing, signal: never });
    const ended = learning.catch((error: unknown) => error);
    await thread.close();
    expect(await ended).toMatchObject({ kind: 'unavailable', code: 'learning_interrupted' });
    const [run] = await listRuns(ctx);
    expect(run).toMatchObject({ status: 'interrupted', askedBy: 'Ana' });
    expect(run?.message).toContain('The model in use is as it was.');
    await expect(thread.run(task(ctx.clock()), nothing, never)).rejects.toBeInstanceOf(Interrupted);
    expect(await learnStrategy(ctx, 'best-sellers')).toMatchObject({ number: 1 });
  });

  it('dies alone when it needs too much memory, and the model in use stays', async () => {
    const { hash } = await learnStrategy(ctx, 'best-sellers');
    const thread = learningThread({ ...threadOptions(), mostMegabytes: 8 });
    const own = { ...ctx, learner: thread };
    const later = new Date(ctx.clock().getTime() + 1_000);
    ctx.setTime(later.toISOString());
    const learning = learnNow(own, 'best-sellers', { by: 'Ana' }, { tell: nothing, signal: never });
    await expect(learning).rejects.toMatchObject({ kind: 'conflict', code: 'learning_failed' });
    const [run] = await listRuns(ctx);
    expect(run).toMatchObject({ status: 'failed' });
    expect(run?.message).toMatch(/more memory than it may have.* The model in use is as it was\./);
    const promotions = await database.knex<{ model: string }>('model_promotions').select('model');
    expect(promotions).toEqual([{ model: hash }]);
    await thread.close();
  });

  it('passes on what is wrong with a request as it is', async () => {
    const thread = learningThread(threadOptions());
    const learning = thread.run({ do: 'learn', reference: 'nobody', by: 'Ana' }, nothing, never);
    await expect(learning).rejects.toMatchObject({ kind: 'not_found', code: 'strategy_not_found' });
    await thread.close();
  });
});

async function forgetModels(): Promise<void> {
  await database.knex('model_promotions').delete();
  await database.knex('learned_states').delete();
}
