import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidatesAsText } from '../../src/cli/candidates-text.js';
import type { Database } from '../../src/database/open.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { compareCandidates } from '../../src/flows/compare-candidates.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
const tick = (ms: number): void => ctx.setTime(new Date(ctx.clock().getTime() + ms).toISOString());
const day = 86_400_000;
const fixed = (subject: string) => ({ kind: 'static', slots: { subject } });
const uplift = (more: object = {}) => ({
  ...{
    kind: 'uplift',
    experiment: 'spring',
    metric: 'conversion',
    treated: 'mail',
    control: 'none',
    top: 0.5,
  },
  model: { features: ['trait.tier', 'trait.size'], estimator: 'logistic' },
  ...{ slots: { subject: 'Shoes' }, otherwise: { subject: 'Hats' } },
  ...more,
});
const definitions = {
  who: uplift(),
  nowhere: uplift({ experiment: 'autumn' }),
  unsent: uplift({ treated: 'post' }),
  unmeasured: uplift({ metric: 'returned' }),
  early: uplift({ experiment: 'summer' }),
};

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  for (const key of ['spring', 'summer']) {
    const levels = ['none', 'mail'].map((arm) => ({ key: arm, strategy: fixed(arm) }));
    await createExperiment(ctx, {
      ...{ key, hypothesis: 'h', factors: [{ key: 'strategy', levels }], window: '7d', salt: key },
      metrics: [{ use: 'conversion', role: 'primary' }],
    });
    await changeStatus(ctx, key, 'start');
  }
  for (const [name, definition] of Object.entries(definitions))
    await registerStrategy(ctx, { name, definition });
  const people = Array.from({ length: 500 }, (_, i) => ({
    ...{ id: `p${i}`, traits: { tier: i % 2 === 0 ? 'gold' : 'basic', size: (i * 37) % 11 } },
  }));
  const answers = await assignRecipients(ctx, 'spring', people);
  const at = new Date(ctx.clock().getTime() + 3_600_000).toISOString();
  // Gold ones order after a mail: 3 of 4; all others 1 of 4.
  const events = answers.flatMap((answer, i) => {
    const isMoved = 'arm' in answer && answer.arm === 'mail' && i % 2 === 0;
    if ((i >> 1) % 4 >= (isMoved ? 3 : 1)) return [];
    return [{ id: `o${i}`, type: 'converted', experiment: 'spring', recipient: `p${i}`, at }];
  });
  tick(2 * 3_600_000);
  await recordEvents(ctx, events);
  tick(7 * day);
  await assignRecipients(ctx, 'summer', people.map(({ id }) => ({ id }))); // prettier-ignore
  tick(day);
});
afterAll(() => database.close());

const tables = ['learned_states', 'model_promotions', 'learning_runs', 'profiles', 'enrolments'];
const counted = () =>
  Promise.all(tables.map(async (table) => Number((await database.knex(table).count())[0]?.['count'])));

describe('comparing what an uplift strategy could learn by', () => {
  it('puts learners and the best column side by side on the trial, and writes nothing', async () => {
    const before = await counted();
    const steps: string[] = [];
    const answer = await compareCandidates(ctx, { reference: 'who', seed: 's', folds: 2 }, (step) =>
      steps.push(step),
    );
    expect(await counted()).toEqual(before);
    expect(steps).toContain('comparing two-model by logistic');
    const { arms, heldOut, rows } = answer.uplift!;
    expect(answer.outcomes).toEqual([]);
    expect(arms.map(({ arm }) => arm)).toEqual(['mail', 'none']);
    expect(arms.reduce((sum, { recipients }) => sum + recipients, heldOut)).toBe(500);
    expect(answer.uplift!.failed).toEqual([]);
    expect(rows).toHaveLength(21);
    expect(rows.find(({ columns }) => columns)?.columns).toEqual(['trait.tier = gold first']);
    const two = rows.find(({ name, estimator }) => name === 'two-model' && estimator === 'logistic');
    expect(two?.qini).toMatchObject({ value: expect.any(Number) as number });
    const text = candidatesAsText(answer);
    expect(text).toMatch(/^who@1 \(uplift\) as of /);
    expect(text).toMatch(/control +none +\d+ +\d+ +\d+\.\d %/);
    expect(text).toMatch(
      /has the highest Qini of the 20 candidates; its difference to the best single\s+column/,
    );
  }, 60_000);

  it.each([
    ['nowhere', 'no_trial', /nothing to compare by: Nothing is known of an experiment "autumn"/],
    ['unsent', 'no_arm', /has no arm "post"; its arms are none, mail/],
    ['unmeasured', 'too_few', /An arm has 0 recipients to learn from/],
    ['early', 'too_few', /An arm has 0 recipients to learn from whose windows have closed/],
  ])('refuses %s by %s', async (reference, code, message) => {
    await expect(compareCandidates(ctx, { reference })).rejects.toMatchObject({
      ...{ kind: 'conflict', code, message: expect.stringMatching(message) as string },
    });
  });
});
