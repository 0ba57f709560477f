import { describe, expect, it } from 'vitest';
import { changeStatus } from '../../src/flows/change-status.js';
import { compareModels } from '../../src/flows/compare-models.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findModel, listModels } from '../../src/flows/find-models.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { changeModelInUse } from '../../src/flows/promote-model.js';
import { recordItems } from '../../src/flows/record-items.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { day, harnessForModels, measured, shop } from './measured-models.js';
import { assigned, fillShop, shopDraft, startShop } from './shop.js';

const h = harnessForModels();

describe('promotion', () => {
  it('takes the first model, then only a better one on the same hold-out', async () => {
    const worths: Record<string, number> = { '2026-03-01': 0.7, '2026-03-02': 0.7, '2026-03-03': 0.71 };
    measured((on) => worths[on] ?? 0);
    await shop(h().ctx);
    expect((await learnStrategy(h().ctx, 'best-sellers')).judgement.status).toBe('promoted');
    day(h(), 2);
    const second = await learnStrategy(h().ctx, 'best-sellers', { by: 'Ana' });
    expect(second.judgement.status).toBe('kept');
    expect(second.judgement.why).toContain(
      'AUC 0.7 against 0.7 of best-sellers/1 on the same hold-out: not better',
    );
    day(h(), 3);
    const third = await learnStrategy(h().ctx, 'best-sellers');
    expect(third.judgement.status).toBe('promoted');
    expect(third.parent).toBe((await findModel(h().ctx, 'best-sellers', 1)).hash);
    const { record, inUse } = await findModel(h().ctx, 'best-sellers', 3);
    expect(inUse).toBe(true);
    expect(record.map(({ id, status, doneBy }) => `${id} ${status} ${doneBy}`)).toEqual([
      'best-sellers/1 promoted postulate',
      'best-sellers/2 kept Ana',
      'best-sellers/3 promoted postulate',
    ]);
    expect(record[1]?.comparison).toMatchObject({ challenger: { value: 0.7 }, champion: { value: 0.7 } });
  });

  it('never takes a model without measure over one that has one, nor one from before it', async () => {
    const refused = { refused: true, code: 'too_few', reason: 'Nobody bought anything.' } as const;
    measured((on) => (on === '2026-03-05' ? 0.7 : refused));
    await shop(h().ctx);
    day(h(), 5);
    await learnStrategy(h().ctx, 'best-sellers');
    day(h(), 6);
    expect((await learnStrategy(h().ctx, 'best-sellers')).judgement).toMatchObject({
      status: 'kept',
      why: expect.stringContaining('Nobody bought anything') as string,
    });
    measured(() => 0.9);
    const older = await learnStrategy(h().ctx, 'best-sellers', { clock: new Date('2026-03-04T00:00:00Z') });
    expect(older.judgement).toMatchObject({
      status: 'kept',
      why: expect.stringContaining('known later') as string,
    });
  });

  it('takes the newest where the kind has no measure', async () => {
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    day(h(), 2);
    expect((await learnStrategy(h().ctx, 'best-sellers')).judgement.status).toBe('promoted');
  });

  it('is for people too, with a reason, and goes back', async () => {
    await shop(h().ctx);
    for (const n of [1, 2, 3]) {
      day(h(), n);
      await learnStrategy(h().ctx, 'best-sellers');
    }
    const change = (what: 'promote' | 'rollback', body: object) =>
      changeModelInUse(h().ctx, what, 'best-sellers', body, 'Ana');
    await expect(change('promote', { number: 1 })).rejects.toMatchObject({ code: 'invalid_promotion' });
    await expect(change('promote', { number: 1, why: '  ' })).rejects.toMatchObject({
      code: 'invalid_promotion',
    });
    await expect(change('promote', { number: 9, why: 'x' })).rejects.toMatchObject({
      code: 'model_not_found',
    });
    expect(await change('rollback', { why: 'Too many hats.' })).toEqual({
      name: 'best-sellers',
      inUse: 2,
      changed: true,
    });
    expect(await change('promote', { number: 2, why: 'Again.' })).toMatchObject({ changed: false });
    expect(await change('rollback', { number: 1, why: 'Further.' })).toMatchObject({ inUse: 1 });
    const { record } = await findModel(h().ctx, 'best-sellers', 1);
    expect(record.slice(-2).map(({ id, why, doneBy }) => [id, why, doneBy])).toEqual([
      ['best-sellers/2', 'Too many hats.', 'Ana'],
      ['best-sellers/1', 'Further.', 'Ana'],
    ]);
    measured(() => 0.1);
    await expect(changeModelInUse(h().ctx, 'rollback', 'nobody', { why: 'x' }, 'Ana')).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });

  it('changes nothing about an arm that runs, to the byte, and the next start takes what is in use', async () => {
    await startShop(h().ctx, 30);
    const before = await assigned(h().ctx, 30);
    day(h(), 2);
    await fillShop(h().ctx, 60);
    await learnStrategy(h().ctx, 'best-sellers');
    await changeModelInUse(h().ctx, 'rollback', 'best-sellers', { why: 'Try the old one.' }, 'Ana');
    await changeModelInUse(h().ctx, 'promote', 'best-sellers', { number: 2, why: 'And back.' }, 'Ana');
    expect(JSON.stringify(await assigned(h().ctx, 30))).toBe(JSON.stringify(before));
    const fresh = await assigned(h().ctx, 30, 1_000);
    expect(fresh.length).toBe(30);
    await createExperiment(h().ctx, shopDraft({ key: 'next', salt: 'next' }));
    await changeStatus(h().ctx, 'next', 'start');
    const models = await listModels(h().ctx);
    expect(models.map(({ id, inUse, users }) => [id, inUse, users.map(({ key }) => key)])).toEqual([
      ['best-sellers/2', true, ['next']],
      ['best-sellers/1', false, ['shop']],
    ]);
  });

  it('of an old snapshot is refused at the start, with every way out', async () => {
    measured((on) => (on === '2026-03-01' ? 0.8 : 0.7));
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    day(h(), 2);
    await recordItems(h().ctx, [{ item: 'hats-9', category: 'hats' }]);
    await takeSnapshot(h().ctx);
    expect((await learnStrategy(h().ctx, 'best-sellers')).judgement.status).toBe('kept');
    await createExperiment(h().ctx, shopDraft());
    const refusal = await changeStatus(h().ctx, 'shop', 'start').catch((error: unknown) => error);
    const { message } = (refusal as { problems: { message: string }[] }).problems[0]!;
    expect(message).toContain('postulate strategies learn best-sellers@1');
    expect(message).toContain('take best-sellers/2, which knows it, into use');
    await changeModelInUse(
      h().ctx,
      'promote',
      'best-sellers',
      { number: 2, why: 'It knows the hats.' },
      'Ana',
    );
    expect(await changeStatus(h().ctx, 'shop', 'start')).toMatchObject({ status: 'running' });
  });

  it('compares two on the hold-out before now', async () => {
    measured((on) => (on === '2026-03-01' ? 0.6 : 0.7));
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    await expect(
      compareModels(h().ctx, { name: 'best-sellers', number: 1 }, () => undefined),
    ).rejects.toMatchObject({ code: 'same_model' });
    day(h(), 2);
    await learnStrategy(h().ctx, 'best-sellers');
    const { models } = await compareModels(h().ctx, { name: 'best-sellers', number: 1 }, () => undefined);
    expect(models.map(({ id, measure }) => [id, 'value' in measure && measure.value])).toEqual([
      ['best-sellers/1', 0.6],
      ['best-sellers/2', 0.7],
    ]);
  });
});
