import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { assigned, fillShop, popular, shopDraft, startShop } from './shop.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

describe('one filter for all arms', () => {
  it('shows nothing out of stock, without consent or already bought', async () => {
    const eligibility = { inStock: true, notBought: '30d', consent: 'personalise', priced: true };
    await startShop(ctx, 60, { eligibility });
    expect((await assigned(ctx, 10)).filter(({ arm }) => arm === 'popular')[0]).toMatchObject({
      delivered: 'fallback',
      fallbackReason: 'none of the best sellers may be shown',
    });
    const willing = Array.from({ length: 40 }, (_, i) => ({
      id: `person-${20 + i}`,
      traits: { personalise: true },
    }));
    const answers = await assignRecipients(ctx, 'shop', willing);
    const shown = answers.flatMap((answer) =>
      'arm' in answer && answer.arm === 'popular' ? [[answer.id, answer.items] as const] : [],
    );
    expect(shown.length).toBeGreaterThan(8);
    for (const [id, chosen] of shown) {
      const bought = `${['shoes', 'hats', 'books'][Number(id.split('-')[1]) % 3] ?? ''}-1`;
      const names = chosen?.map(({ item }) => item) ?? [];
      expect(names).toHaveLength(2);
      expect(names).not.toContain(bought);
      expect(names.filter((name) => /-[34]$/.test(name))).toEqual([]);
    }
  });

  it('falls back where a slot has only the fallback of the experiment', async () => {
    const levels = [
      { key: 'plain', strategy: { kind: 'static', slots: { headline: 'Our picks', offer: 'None' } } },
      { key: 'popular', strategy: { ...popular, slots: { headline: 'For you', offer: '5 %' } } },
    ];
    const factors = [{ key: 'strategy', levels }];
    await fillShop(ctx, 5);
    await takeSnapshot(ctx);
    await expect(createExperiment(ctx, shopDraft({ factors }))).rejects.toThrow();
    const fallback = { headline: 'Hello', offer: 'Free delivery', unused: 'x' };
    const eligibility = { consent: 'nobody' };
    await createExperiment(ctx, shopDraft({ factors, fallback, eligibility }));
    await learnStrategy(ctx, 'shop.popular');
    await changeStatus(ctx, 'shop', 'start');
    const answer = (await assigned(ctx, 20)).find(({ arm }) => arm === 'popular');
    expect(answer?.content).toEqual({ headline: 'Hello', offer: 'Free delivery' });
    const [row] = await database
      .knex<{ delivered: string; trace: unknown }>('decisions')
      .where({ delivered: 'fallback' });
    expect(row?.trace).toEqual([expect.anything(), ['fallback of experiment', 'delivered']]);
  });
});
