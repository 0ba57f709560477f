import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { testContext, type TestContext } from '../support/context.js';
import { enrol, recipients, startExample } from './campaign.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const count = async (table: string) => Number((await database.knex(table).count('* as n').first())?.['n']);

describe('assigning recipients', () => {
  it('draws exactly what anyone can recompute from salt and id', async () => {
    const key = await startExample(ctx, { weights: [3, 1, 0, 2], traffic: 0.6 });
    const ids = [
      'ann@example.org',
      ' ann@example.org',
      'ANN@example.org',
      'zoë',
      'e\u0301',
      'é',
      '名前',
      ...recipients(200).map((r) => r.id),
    ];
    const answers = await assignRecipients(
      ctx,
      key,
      ids.map((id) => ({ id })),
    );
    const arms = ['same-for-all/plain', 'same-for-all/question', 'by-history/plain', 'by-history/question'];
    const ends = [3n, 4n, 4n, 6n].map((weight) => Number((2n ** 32n * weight) / 6n));
    ids.forEach((id, i) => {
      const hex = createHash('md5').update(`test-salt:${id}`).digest('hex');
      const word = (w: number) => parseInt(hex.slice(8 * w, 8 * w + 8), 16);
      const expected =
        word(1) < Math.floor(2 ** 32 * 0.6)
          ? { id, arm: arms[ends.findIndex((end) => word(0) < end)] }
          : { id, excluded: 'not_in_traffic' };
      expect(answers[i]).toMatchObject(expected);
    });
  });

  it('answers the second call as the first and enrols once', async () => {
    const key = await startExample(ctx);
    const first = await assignRecipients(ctx, key, recipients(50));
    ctx.setTime('2026-03-02T09:00:00Z');
    const changedTraits = recipients(50).map(({ id }) => ({ id, traits: { country: 'NO', orders: 99 } }));
    expect(await assignRecipients(ctx, key, changedTraits)).toEqual(first);
    expect(await count('enrolments')).toBe(50);
    expect(await count('decisions')).toBe(50);
    const n = await database.knex('cells').where({ metric: 'order', cohort: '' }).sum('n as n').first();
    expect(Number(n?.['n'])).toBe(50);
  });

  it('answers an id that stands twice in a call twice, and enrols it once', async () => {
    const key = await startExample(ctx);
    const answers = await assignRecipients(ctx, key, [{ id: 'a' }, { id: 'b' }, { id: 'a' }]);
    expect(answers[0]).toEqual(answers[2]);
    expect(await count('enrolments')).toBe(2);
  });

  it('gives many callers at once one and the same answer', async () => {
    const key = await startExample(ctx);
    const batches = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        assignRecipients(ctx, key, i % 2 ? recipients(40) : recipients(40).reverse()),
      ),
    );
    for (const [i, batch] of batches.entries())
      expect(i % 2 ? batch : [...batch].reverse()).toEqual(batches[1]);
    expect(await count('enrolments')).toBe(40);
    const [cells] = await database.knex('cells').where({ metric: 'order', cohort: '' }).sum('n as n');
    expect(Number(cells?.['n']), 'each is counted once').toBe(40);
  });

  it('delivers what the rules choose for this recipient, and stores assigned and delivered', async () => {
    const key = await startExample(ctx, { weights: [0, 0, 1, 1] });
    const answers = await assignRecipients(ctx, key, [
      { id: 'loyal', traits: { orders: 3 } },
      { id: 'north', traits: { orders: 0, country: 'SE' } },
      { id: 'unknown' },
    ]);
    const offers = answers.map((answer) => 'content' in answer && answer.content['offer']);
    expect(offers).toEqual([
      'A gift with your next order',
      'Free delivery to the north',
      '10 % off everything',
    ]);
    expect(answers.every((answer) => 'content' in answer && 'subject' in answer.content)).toBe(true);
    const stored = await database.knex('decisions').select('assigned_strategy', 'delivered');
    expect(
      stored.every((row: { assigned_strategy: string }) => row.assigned_strategy.startsWith('sha256:')),
    ).toBe(true);
  });

  it('falls back where no rule matches and there is no default, and says so', async () => {
    const rules = [{ id: 'vip', when: { trait: 'vip', op: 'eq', value: true }, slots: { offer: 'VIP' } }];
    const levels = [
      { key: 'plain', strategy: { kind: 'static', slots: { offer: 'Plain' } } },
      { key: 'rules', strategy: { kind: 'rules', rules }, fallback: { offer: 'Fallback' } },
    ];
    const factors = [{ key: 'strategy', levels }];
    const key = await startExample(ctx, { factors, weights: [1, 1], control: 'plain' });
    const answers = await assignRecipients(ctx, key, recipients(40));
    const inRules = answers.filter((answer) => 'arm' in answer && answer.arm === 'rules');
    expect(inRules.length).toBeGreaterThan(5);
    for (const answer of inRules) {
      expect(answer).toMatchObject({ delivered: 'fallback', content: { offer: 'Fallback' } });
      expect('fallbackReason' in answer && answer.fallbackReason).toMatch(/no rule matched/i);
    }
  });

  it('returns bad rows as errors in their place and enrols the good ones', async () => {
    const key = await startExample(ctx);
    const answers = await assignRecipients(ctx, key, [
      { id: 'good' },
      { id: '' },
      { id: 'x'.repeat(257) },
      { id: '\ud800' },
      { id: 42 },
      null,
      'text',
      { id: 'typo', trait: {} },
      { id: 'nested', traits: { a: { b: 1 } } },
      { id: 'nul', traits: { a: 'x\0y' } },
      { id: '🎉'.repeat(64) },
    ]);
    const codes = answers.map((answer) => ('error' in answer ? answer.error.code : 'ok'));
    expect(codes).toEqual([
      'ok', 'empty_id', 'id_too_long', 'invalid_unicode', 'invalid_id', 'invalid_recipient', 'invalid_recipient',
      'invalid_recipient', 'invalid_traits', 'invalid_traits', 'ok',
    ]); // prettier-ignore
    expect(answers[4]).toMatchObject({ index: 4 });
    expect(await count('enrolments')).toBe(2);
  });

  it('enrols nobody new while paused or after the stop, and still knows the enrolled', async () => {
    const key = await startExample(ctx);
    const [first] = await enrol(ctx, key, 1);
    await changeStatus(ctx, key, 'pause');
    expect(await assignRecipients(ctx, key, [{ id: first!.id }, { id: 'new' }])).toEqual([
      first,
      { id: 'new', excluded: 'paused' },
    ]);
    await changeStatus(ctx, key, 'resume');
    await changeStatus(ctx, key, 'stop');
    expect(await assignRecipients(ctx, key, [{ id: 'new' }])).toEqual([{ id: 'new', excluded: 'stopped' }]);
  });

  it('enrols nobody new after the planned end', async () => {
    const key = await startExample(ctx, { plan: { end: '2026-03-05T00:00:00Z' } });
    const [first] = await enrol(ctx, key, 1);
    ctx.setTime('2026-03-05T00:00:00Z');
    expect(await assignRecipients(ctx, key, [{ id: first!.id }, { id: 'late' }])).toEqual([
      first,
      { id: 'late', excluded: 'ended' },
    ]);
  });

  it('lets no stop come between looking and enrolling', async () => {
    const key = await startExample(ctx);
    const calls = Array.from({ length: 12 }, (_, i) => assignRecipients(ctx, key, recipients(30, i * 30)));
    const stop = changeStatus(ctx, key, 'stop');
    const answers = (
      await Promise.all([...calls, stop.then(() => assignRecipients(ctx, key, [{ id: 'new' }]))])
    ).flat();
    expect(answers.at(-1)).toEqual({ id: 'new', excluded: 'stopped' });
    expect(await count('enrolments')).toBe(answers.filter((answer) => 'arm' in answer).length);
  });

  it('keeps the traits of two calls at once, and forgets one that is given as null', async () => {
    const first = await startExample(ctx);
    const second = await startExample(ctx, { key: 'second' });
    await Promise.all([
      assignRecipients(ctx, first, [{ id: 'ann', traits: { orders: 3, country: 'SE' } }]),
      assignRecipients(ctx, second, [{ id: 'ann', traits: { newsletter: true, country: null } }]),
    ]);
    const [profile] = await database.knex<{ traits: object }>('profiles').select('traits');
    expect(profile?.traits).toMatchObject({ orders: 3, newsletter: true });
    const third = await startExample(ctx, { key: 'third', weights: [0, 0, 1, 1] });
    const [answer] = await assignRecipients(ctx, third, [{ id: 'ann' }]);
    expect(answer).toMatchObject({ content: { offer: 'A gift with your next order' } });
  });

  it('refuses a draft and an unknown experiment', async () => {
    await createExperiment(ctx, exampleDraft);
    await expect(assignRecipients(ctx, 'spring-offer', [])).rejects.toMatchObject({
      code: 'experiment_is_draft',
    });
    await expect(assignRecipients(ctx, 'nothing', [])).rejects.toMatchObject({
      code: 'experiment_not_found',
    });
  });

  it('keeps the id in the identity table alone', async () => {
    const key = await startExample(ctx);
    await assignRecipients(ctx, key, [{ id: 'secret-person@example.org' }]);
    for (const table of ['enrolments', 'decisions', 'profiles', 'cells', 'contents', 'experiments']) {
      expect(JSON.stringify(await database.knex(table))).not.toContain('secret-person');
    }
    expect(await count('identities')).toBe(1);
  });
});
