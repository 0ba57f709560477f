import { resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../src/flows/assign-recipients.js';
import { changeStatus } from '../src/flows/change-status.js';
import { createExperiment } from '../src/flows/create-experiment.js';
import { findExperiment } from '../src/flows/find-experiment.js';
import { registerStrategy } from '../src/flows/register-strategy.js';
import { assigned, shopDraft, startShop } from './flows/shop.js';
import { testContext, type TestContext } from './support/context.js';
import { databaseForTests } from './support/database-for-tests.js';
import { docBlocks } from './support/doc-blocks.js';

/** docs/ledger.md and docs/senders.md: every JSON example is used as it stands. */

const blocksOf = (name: string): Record<string, unknown>[] =>
  docBlocks(resolve(import.meta.dirname, '../docs', name))
    .filter(({ language }) => language === 'json')
    .map(({ code }) => JSON.parse(code) as Record<string, unknown>);

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

it('shows these examples and no other', () => {
  expect(blocksOf('ledger.md').map(({ kind }) => kind)).toEqual(['popular']);
  expect(blocksOf('senders.md').map((block) => Object.keys(block))).toEqual([
    ['kind', 'rules', 'default'],
    ['eligibility', 'fallback'],
  ]);
});

describe('examples', () => {
  it('of rules decide as the page says', async () => {
    const [strategy] = blocksOf('senders.md');
    const levels = [
      { key: 'rules', strategy },
      { key: 'plain', strategy: { kind: 'static', slots: { offer: 'Hello' } } },
    ];
    await createExperiment(ctx, shopDraft({ key: 'rules', factors: [{ key: 'strategy', levels }] }));
    await changeStatus(ctx, 'rules', 'start');
    const recipients = [{ orders: 3 }, { orders: 3, country: 'US' }, { orders: '3' }, {}].flatMap(
      (traits, t) => Array.from({ length: 8 }, (_, i) => ({ id: `${t}-${i}`, traits })),
    );
    const answers = await assignRecipients(ctx, 'rules', recipients);
    const offers = answers.flatMap((answer) =>
      'arm' in answer && answer.arm === 'rules' ? [`${answer.id[0]} ${answer.content['offer']}`] : [],
    );
    expect([...new Set(offers)]).toEqual([
      '0 A gift with your next order',
      '1 10 % off everything',
      '2 10 % off everything',
      '3 10 % off everything',
    ]);
  });

  it('of best sellers and of one filter for all arms start and deliver', async () => {
    const [popular] = blocksOf('ledger.md');
    const [, filter] = blocksOf('senders.md');
    const { version } = await registerStrategy(ctx, { name: 'of-the-page', definition: popular });
    expect(version).toBe(1);
    await startShop(ctx, 40, filter);
    expect(await findExperiment(ctx, 'shop')).toMatchObject({
      eligibility: { inStock: true, consent: 'personalise', excludedCategories: ['gift cards'] },
      fallback: { headline: 'Our picks' },
    });
    const without = (await assigned(ctx, 40)).filter(({ arm }) => arm === 'popular');
    expect(new Set(without.map(({ content }) => content['headline']))).toEqual(new Set(['Our picks']));
    const levels = [
      { key: 'plain', strategy: { kind: 'static', slots: { headline: 'Our picks' } } },
      { key: 'popular', strategy: 'best-sellers@1' },
    ];
    await createExperiment(ctx, {
      ...shopDraft({ key: 'consenting', ...filter }),
      factors: [{ key: 'strategy', levels }],
    });
    await changeStatus(ctx, 'consenting', 'start');
    const recipients = Array.from({ length: 40 }, (_, i) => ({
      id: `person-${i}`,
      traits: { personalise: true },
    }));
    const answers = (await assignRecipients(ctx, 'consenting', recipients)).flatMap((one) =>
      'arm' in one && one.arm === 'popular' ? [one] : [],
    );
    expect(answers.length).toBeGreaterThan(5);
    for (const { items } of answers) expect(items?.length).toBeGreaterThan(0);
  });
});
