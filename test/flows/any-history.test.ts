import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import type { MetricInput } from '../../src/experiments/metric-draft.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import {
  anyMetrics,
  anyTold,
  naiveCells,
  nameOf,
  people,
  start,
  storedCells,
  type Told,
  toPosted,
  waves,
} from './any-history.js';
import { startExample } from './campaign.js';

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const keys = ['first', 'second'];
/** So that a failure is reported as far as it was made smaller, and a slow machine does fewer histories. */
const timeLimit = 90_000;

async function startBoth(metrics: readonly MetricInput[][]): Promise<TestContext> {
  await emptyTables(database.knex);
  const ctx = testContext(database.knex, '2026-02-20T00:00:00.000Z');
  for (const [i, key] of keys.entries()) {
    const cohorts = i === 0 ? ['country'] : [];
    await startExample(ctx, {
      key,
      salt: key,
      metrics: metrics[i],
      cohorts,
      plan: {},
      exchange: { USD: '0.92', JPY: '0.0061' },
      window: '7d',
    });
  }
  return ctx;
}

/** Asks for one message; everybody is enrolled at a time of their own, whenever that is asked for. */
function asking(answers: Map<string, string>, clockFor: (iso: string) => TestContext) {
  return async (experiment: number, person: number, wave: number): Promise<void> => {
    const ctx = clockFor(new Date(start + (experiment * 7 + person * 13) * 3_600_000).toISOString());
    const id = people[person]!;
    const recipient = { id, traits: { country: person % 2 ? 'DE' : 'SE' } };
    const [answer] = await assignRecipients(ctx, keys[experiment]!, [recipient], { wave: waves[wave]! });
    if (answer && 'messageId' in answer) answers.set(nameOf(experiment, id, waves[wave]!), answer.messageId);
    else throw new Error(JSON.stringify(answer));
  };
}

type Step = { readonly assign: readonly [number, number, number] } | { readonly post: readonly number[] };
const anyAssignment = fc.tuple(fc.nat(1), fc.nat(people.length - 1), fc.nat(1));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ assign: anyAssignment }) },
  { weight: 2, arbitrary: fc.record({ post: fc.array(fc.nat(59), { maxLength: 15 }) }) },
);
const anyCampaign = fc.record({
  metrics: fc.array(anyMetrics, { minLength: 2, maxLength: 2 }),
  told: fc.array(anyTold, { minLength: 20, maxLength: 60 }),
  steps: fc.array(anyStep, { minLength: 6, maxLength: 16 }),
  batch: fc.integer({ min: 1, max: 60 }),
});

async function post(
  ctx: TestContext,
  told: readonly Told[],
  picks: readonly number[],
  answers: ReadonlyMap<string, string>,
) {
  const events = picks.map((i) => toPosted(ctx, told[i]!, i, keys, answers));
  for (const answer of await recordEvents(ctx, events)) {
    if (answer.status === 'refused') throw new Error(JSON.stringify([answer, events[answer.index]]));
  }
}

describe('any history of any campaign', () => {
  it('comes to the cells of the reference, in any order, batching and repetition, and rebuild finds no difference', async () => {
    await fc.assert(
      fc.asyncProperty(anyCampaign, async ({ metrics, told, steps, batch }) => {
        const ctx = await startBoth(metrics);
        const answers = new Map<string, string>();
        const ask = asking(answers, (iso) => (ctx.setTime(iso), ctx));
        for (const step of steps) {
          if ('assign' in step) await ask(...step.assign);
          else
            await post(
              ctx,
              told,
              step.post.map((i) => i % told.length),
              answers,
            );
        }
        const rest = told.map((_, i) => i).reverse();
        for (let i = 0; i < rest.length; i += batch) await post(ctx, told, rest.slice(i, i + batch), answers);
        const stored = await storedCells(database.knex, keys);
        expect(stored).toEqual(await naiveCells(ctx, keys, told));
        for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
        expect(await storedCells(database.knex, keys)).toEqual(stored);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 12), interruptAfterTimeLimit: timeLimit },
    );
  });

  it('comes to the same when everything is told and asked at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyCampaign, async ({ metrics, told, steps, batch }) => {
        const ctx = await startBoth(metrics);
        const answers = new Map<string, string>();
        // A context per call, because each has a clock of its own.
        const ask = asking(answers, (iso) => ({ ...testContext(database.knex, iso), newId: ctx.newId }));
        const calls = steps.map((step) =>
          'assign' in step
            ? ask(...step.assign)
            : post(
                ctx,
                told,
                step.post.map((i) => i % told.length),
                answers,
              ),
        );
        const all = told.map((_, i) => i);
        for (let i = 0; i < all.length; i += batch)
          calls.push(post(ctx, told, all.slice(i, i + batch), answers));
        await Promise.all(calls);
        const stored = await storedCells(database.knex, keys);
        for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
        expect(stored).toEqual(await naiveCells(ctx, keys, told));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 8), interruptAfterTimeLimit: timeLimit },
    );
  });
});
