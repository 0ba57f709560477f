import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { popularKind } from '../../src/strategies/popular.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { fillShop, items, popular, shopDraft } from './shop.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});
afterEach(() => vi.restoreAllMocks());

describe('the pre-flight', () => {
  const start = async () => {
    await createExperiment(ctx, shopDraft());
    return changeStatus(ctx, 'shop', 'start');
  };
  const problems = async (promise: Promise<unknown>) => {
    const error: unknown = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return (error as { problems?: { path: string; message: string }[] }).problems ?? [];
  };

  it('refuses to start without a snapshot, and without what was learned', async () => {
    await fillShop(ctx, 5);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    const found = await problems(start());
    expect(found.map(({ path }) => path)).toEqual(['catalogue', 'factors[0].levels[1].learned']);
    expect(found[0]?.message).toContain('postulate catalogue snapshot');
    expect(found[1]?.message).toContain('postulate strategies learn best-sellers@1');
    expect(await database.knex('manifests')).toEqual([]);
    await takeSnapshot(ctx);
    expect((await problems(changeStatus(ctx, 'shop', 'start'))).map(({ path }) => path)).toEqual([
      'factors[0].levels[1].learned',
    ]);
    await learnStrategy(ctx, 'best-sellers');
    expect(await changeStatus(ctx, 'shop', 'start')).toMatchObject({ status: 'running' });
  });

  it('refuses what was learned from other items than the arms choose from', async () => {
    await fillShop(ctx, 5);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await takeSnapshot(ctx);
    await learnStrategy(ctx, 'best-sellers');
    await recordItems(ctx, [{ item: 'hats-9', category: 'hats' }]);
    ctx.setTime('2026-03-02T09:00:00Z');
    await takeSnapshot(ctx);
    const [problem] = await problems(start());
    expect(problem?.path).toBe('factors[0].levels[1].learned');
    expect(problem?.message).toContain('another snapshot');
    await learnStrategy(ctx, 'best-sellers');
    expect(await changeStatus(ctx, 'shop', 'start')).toMatchObject({ status: 'running' });
  });

  it('refuses an arm that could show an item which the filter keeps from the others', async () => {
    await startShopReady();
    vi.spyOn(popularKind, 'references').mockReturnValue({
      contents: [],
      segments: [],
      items: ['shoes-1', 'shoes-4', 'no-such-item'],
      catalogue: true,
    });
    await createExperiment(ctx, shopDraft({ eligibility: { inStock: true } }));
    const found = await problems(changeStatus(ctx, 'shop', 'start'));
    expect(found.map(({ path }) => path)).toEqual(Array(2).fill('factors[0].levels[1].strategy'));
    expect(found[0]?.message).toContain('"shoes-4", which no other arm can show: it is out of stock');
    expect(found[1]?.message).toContain('it is not in the snapshot');
  });

  it('refuses a snapshot or learned state that is not there', async () => {
    await startShopReady();
    const none = `sha256:${'0'.repeat(64)}`;
    await createExperiment(ctx, shopDraft({ catalogue: none }));
    expect((await problems(changeStatus(ctx, 'shop', 'start')))[0]).toMatchObject({ path: 'catalogue' });
    const draft = shopDraft({ key: 'other' }) as { factors: [{ levels: { learned?: string }[] }] };
    const level = draft.factors[0].levels[1];
    if (level) level.learned = none;
    await createExperiment(ctx, draft);
    expect((await problems(changeStatus(ctx, 'other', 'start')))[0]).toMatchObject({
      path: 'factors[0].levels[1].learned',
    });
  });

  async function startShopReady() {
    await fillShop(ctx, 5);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await takeSnapshot(ctx);
    await learnStrategy(ctx, 'best-sellers');
  }
});

describe('learning', () => {
  it('stops at as many events as memory holds, and says that it learned from a sample', async () => {
    await fillShop(ctx, 30);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await takeSnapshot(ctx);
    const { source: whole } = await learnStrategy(ctx, 'best-sellers');
    expect(whole).toMatchObject({ recipients: 30 });
    expect(whole).not.toHaveProperty('sampled');
    const { source } = await learnStrategy(ctx, 'best-sellers', { mostEvents: 20 });
    expect(source).toMatchObject({ sampled: true });
    expect(source.events).toBeGreaterThanOrEqual(20);
    expect(source.events).toBeLessThan(23);
    expect(source.recipients).toBeLessThan(11);
    const all = await learnStrategy(ctx, 'best-sellers', { mostEvents: whole.events + 1 });
    expect(all.source).toEqual(whole);
  });
});

describe('snapshots of the catalogue', () => {
  it('are one for one content, and refuse an empty catalogue', async () => {
    await expect(takeSnapshot(ctx)).rejects.toMatchObject({ code: 'empty_catalogue' });
    await recordItems(ctx, items);
    const first = await takeSnapshot(ctx);
    expect(first).toMatchObject({ size: 12, withoutPrice: 3, outOfStock: 3, withoutCategory: 0 });
    ctx.setTime('2026-03-05T09:00:00Z');
    expect(await takeSnapshot(ctx)).toEqual(first);
    await recordItems(ctx, [{ item: 'shoes-1', stock: 0 }]);
    expect((await takeSnapshot(ctx)).hash).not.toBe(first.hash);
  });
});
