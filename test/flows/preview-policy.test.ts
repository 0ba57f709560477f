import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { loadTrials } from '../../src/flows/load-trials.js';
import { previewPolicy } from '../../src/flows/preview-policy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';

const database = databaseForTests();
let ctx: TestContext;

beforeEach(() => {
  ctx = testContext(database.knex);
});

const day = 86_400_000;
const tick = (ms: number): void => ctx.setTime(new Date(ctx.clock().getTime() + ms).toISOString());
const fixed = (headline: string) => ({ kind: 'static', slots: { headline } });
const byTier = (gold: string, others: string) => ({
  kind: 'rules',
  rules: [{ id: 'gold', when: { trait: 'tier', op: 'eq', value: 'gold' }, slots: { headline: gold } }],
  default: { headline: others },
});
const draft = (change: object = {}) => ({
  key: 'spring',
  hypothesis: 'Shoes bring more orders than hats.',
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'hats', strategy: fixed('Hats') },
        { key: 'shoes', strategy: fixed('Shoes') },
      ],
    },
  ],
  metrics: [{ use: 'conversion', role: 'primary' }],
  window: '7d',
  salt: 'spring-salt',
  ...change,
});

/** Gold customers order after shoes, the others after hats: 3 of 4, else 1 of 4. A week and a day later all windows have closed. */
async function runSpring(size: number, change: object = {}): Promise<void> {
  await createExperiment(ctx, draft(change));
  await changeStatus(ctx, 'spring', 'start');
  const people = Array.from({ length: size }, (_, i) => ({ id: `p${i}`, traits: { tier: i % 2 === 0 ? 'gold' : 'basic' } })); // prettier-ignore
  const answers = await assignRecipients(ctx, 'spring', people);
  const at = new Date(ctx.clock().getTime() + 3_600_000).toISOString();
  const events = answers.flatMap((answer, i) => {
    if (!('arm' in answer)) return [];
    const liked = answer.content.headline === (i % 2 === 0 ? 'Shoes' : 'Hats');
    const orders = (i >> 1) % 4 < (liked ? 3 : 1);
    return orders ? [{ id: `o${i}`, type: 'converted', experiment: 'spring', recipient: `p${i}`, at }] : [];
  });
  tick(2 * 3_600_000);
  await recordEvents(ctx, events);
  tick(8 * day);
}

describe('a strategy on the decisions of an experiment', () => {
  it('is worth what it would have brought, more than the other way round', async () => {
    await runSpring(600);
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    await registerStrategy(ctx, { name: 'contrary', definition: byTier('Hats', 'Shoes') });
    const preview = await previewPolicy(ctx, 'spring', { strategy: 'tastes@1', against: 'contrary@1', metric: 'conversion' }); // prettier-ignore
    expect(preview.decisions).toEqual({ used: 600, leftOut: [], sampled: false });
    const { value } = preview.strategy;
    expect('value' in value ? value.value : value).toBeCloseTo(0.75, 1);
    expect('value' in value ? value.weights : value).toMatchObject({ largest: 2, clipped: 0 });
    const difference = preview.against!.difference;
    expect('interval' in difference ? difference.interval[0] : 0).toBeGreaterThan(0.2);
    expect(preview.meaning.join(' ')).toContain('no verdict');
  });

  it('gives every estimator, the doubly robust one the surest where traits tell the rewards', async () => {
    await runSpring(600);
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    await registerStrategy(ctx, { name: 'shoes', definition: byTier('Shoes', 'Shoes') });
    const asked = { strategy: 'tastes@1', against: 'shoes@1', metric: 'conversion' };
    const { strategy, against } = await previewPolicy(ctx, 'spring', asked);
    const [ips, snips, dr] = (['ips', 'snips', 'dr'] as const).map((name) => {
      const value = strategy.values[name];
      if ('refused' in value) throw new Error(value.reason);
      return value;
    });
    for (const one of [ips, snips, dr]) expect(one!.value).toBeCloseTo(0.75, 1);
    expect(dr!.se).toBeLessThan(ips!.se);
    // Had nobody's tier been known, the mean of each content would have been predicted, and snips be as sure.
    expect(dr!.se).toBeLessThan(snips!.se);
    expect([strategy.value, against!.difference]).toEqual([strategy.values.snips, against!.differences.ips]);
    const difference = against!.differences.dr;
    expect('z' in difference ? difference.z : difference).toBeGreaterThan(3);
    const byDr = await previewPolicy(ctx, 'spring', { ...asked, estimator: 'dr' });
    expect([byDr.strategy.value, byDr.against!.difference]).toEqual([strategy.values.dr, difference]);
  });

  it('predicts rewards from what was known at the decision: what is said later changes nothing', async () => {
    await runSpring(600);
    const asked = { strategy: 'late@1', metric: 'conversion' };
    // Whoever ordered is called so afterwards: known too late to be learned from.
    const enrolled = await database.knex('enrolments').select<{ recipient_key: string; y: string[] | null }[]>('recipient_key', 'y'); // prettier-ignore
    const bought = enrolled.filter(({ y }) => Number(y?.[0] ?? 0) > 0);
    const keys = new Set(bought.map((row) => row.recipient_key));
    const told = Array.from({ length: 600 }, (_, i) => `p${i}`).map((id) => ({
      ...{ recipient: id, traits: { segment: keys.has(ctx.pseudonyms.recipientKey(id)) ? 'buyer' : 'none' } },
    }));
    const [gold] = byTier('Shoes', 'Hats').rules;
    const when = { any: [gold!.when, { trait: 'segment', op: 'eq', value: 'nobody' }] };
    const definition = { ...byTier('Shoes', 'Hats'), rules: [{ ...gold!, when }] };
    await registerStrategy(ctx, { name: 'late', definition });
    const before = await previewPolicy(ctx, 'spring', asked);
    await recordProfiles(ctx, told);
    const after = await previewPolicy(ctx, 'spring', asked);
    expect(after.strategy.values).toEqual(before.strategy.values);
    expect(keys.size).toBeGreaterThan(100);
  });

  it('counts arms that deliver the same as one chance', async () => {
    const levels = [...draft().factors[0]!.levels, { key: 'more-shoes', strategy: fixed('Shoes') }];
    await runSpring(600, { factors: [{ key: 'strategy', levels }] });
    await registerStrategy(ctx, { name: 'shoes', definition: byTier('Shoes', 'Shoes') });
    const { strategy } = await previewPolicy(ctx, 'spring', { strategy: 'shoes@1', metric: 'conversion' });
    // Two of three arms: everybody who got shoes weighs one and a half.
    expect('weights' in strategy.value ? strategy.value.weights.largest : strategy.value).toBeCloseTo(1.5, 9);
  });

  it('is refused where it would deliver what nobody got, and where too few got it', async () => {
    await runSpring(150);
    await registerStrategy(ctx, { name: 'books', definition: byTier('Books', 'Hats') });
    const never = await previewPolicy(ctx, 'spring', { strategy: 'books@1', metric: 'conversion' });
    expect(never.strategy.value).toMatchObject({ refused: true, code: 'no_support' });
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    const few = await previewPolicy(ctx, 'spring', { strategy: 'tastes@1', metric: 'conversion' });
    expect(few.strategy.value).toMatchObject({ refused: true, code: 'few_effective' });
  });

  it('leaves out recipients whose window is open, and says how many', async () => {
    await runSpring(200);
    const late = Array.from({ length: 50 }, (_, i) => ({ id: `late${i}`, traits: { tier: 'gold' } }));
    await assignRecipients(ctx, 'spring', late);
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    const { decisions } = await previewPolicy(ctx, 'spring', { strategy: 'tastes@1', metric: 'conversion' });
    expect(decisions).toMatchObject({ used: 200, leftOut: [{ reason: 'window_open', decisions: 50 }] });
  });

  it.each([
    [{ strategy: 'tastes@1', metric: 'visits' }, 'unknown_metric'],
    [{ strategy: 'nobody@1', metric: 'conversion' }, 'strategy_version_not_found'],
  ])('refuses the question %j', async (asked, code) => {
    await runSpring(4);
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    await expect(previewPolicy(ctx, 'spring', asked)).rejects.toMatchObject({ code });
  });

  it('refuses an experiment that is not there, or has decided nothing', async () => {
    await createExperiment(ctx, draft());
    await registerStrategy(ctx, { name: 'tastes', definition: byTier('Shoes', 'Hats') });
    const asked = { strategy: 'tastes@1', metric: 'conversion' };
    await expect(previewPolicy(ctx, 'spring', asked)).rejects.toMatchObject({ code: 'not_started' });
    await expect(previewPolicy(ctx, 'autumn', asked)).rejects.toMatchObject({ code: 'experiment_not_found' });
  });
});

describe('the trial of an experiment', () => {
  const wanted = [{ experiment: 'spring', metric: 'conversion' }];

  it('has arms, shares and the outcomes of closed windows', async () => {
    await runSpring(40);
    await assignRecipients(ctx, 'spring', [{ id: 'late' }]);
    tick(1);
    const trial = (await loadTrials(database.knex, wanted, ctx.clock())).get('spring')!;
    expect([trial.arms, trial.shares, trial.rows.length]).toEqual([['hats', 'shoes'], [0.5, 0.5], 41]);
    expect(trial.rows.filter(({ outcomes }) => Object.hasOwn(outcomes, 'conversion'))).toHaveLength(40);
    expect(trial.rows.map(({ recipient }) => recipient)).toEqual(trial.rows.map(({ recipient }) => recipient).sort()); // prettier-ignore
    const orders = await database.knex('events').where({ type: 'converted' }).count<{ count: string }[]>();
    const sum = trial.rows.reduce((total, { outcomes }) => total + (outcomes['conversion'] ?? 0), 0);
    expect(sum).toBe(Number(orders[0]!.count));
  });

  it('is what was known at the clock', async () => {
    await runSpring(40);
    const early = new Date(ctx.clock().getTime() - 3 * day);
    const trial = (await loadTrials(database.knex, wanted, early)).get('spring')!;
    expect(trial.rows.every(({ outcomes }) => Object.keys(outcomes).length === 0)).toBe(true);
    expect((await loadTrials(database.knex, wanted, new Date('2000-01-01'))).get('spring')!.rows).toEqual([]);
  });

  it('is none where there is no such experiment, or nothing has begun', async () => {
    await createExperiment(ctx, draft());
    const trials = await loadTrials(
      database.knex,
      [...wanted, { experiment: 'autumn', metric: 'x' }],
      ctx.clock(),
    );
    expect([...trials.keys()]).toEqual([]);
  });

  it('teaches an uplift strategy, which the experiment is then named as a source of', async () => {
    await runSpring(700);
    const definition = {
      ...{
        kind: 'uplift',
        experiment: 'spring',
        metric: 'conversion',
        treated: 'shoes',
        control: 'hats',
        top: 0.5,
      },
      model: { features: ['trait.tier'] },
      slots: { headline: 'Shoes' },
      otherwise: { headline: 'Hats' },
    };
    await registerStrategy(ctx, { name: 'who-gains', definition });
    const learned = await learnStrategy(ctx, 'who-gains@1');
    expect(learned.source.experiments?.map(({ key, arm }) => `${key} ${arm}`)).toEqual([
      'spring hats',
      'spring shoes',
    ]);
    const preview = await previewPolicy(ctx, 'spring', { strategy: 'who-gains@1', metric: 'conversion' });
    expect(preview.strategy.model).toBe('who-gains/1');
    const { value } = preview.strategy;
    expect('value' in value ? value.value : value).toBeGreaterThan(0.6);
    expect(preview.meaning.join(' ')).toContain('its value flatters');
  });
});
