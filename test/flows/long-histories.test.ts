import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { mostBehaviours } from '../../src/flows/load-histories.js';
import { previewArms } from '../../src/flows/preview-arms.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { replay } from '../../src/flows/replay.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { people } from './shop.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const didOnce = (event: string) => ({
  kind: 'rules',
  rules: [
    {
      id: 'did',
      when: { event, measure: 'count', op: 'gte', value: 1 },
      slots: { offer: `Thank you for your ${event}` },
    },
  ],
  default: { offer: 'Hello' },
});

const draft = {
  key: 'looks',
  hypothesis: 'Those who bought are not those who looked.',
  factors: [
    {
      key: 'strategy',
      levels: ['purchase', 'view'].map((key) => ({
        key,
        strategy: didOnce(key),
        fallback: { offer: 'Good day' },
      })),
    },
  ],
  metrics: [{ use: 'conversion', role: 'primary' }],
  window: '7d',
};

/** Looks at more things than any decision can take in, and buys one. */
async function restless(recipient: string): Promise<void> {
  const at = (minutes: number): string => new Date(ctx.clock().getTime() - minutes * 60_000).toISOString();
  const views = Array.from({ length: mostBehaviours + 1 }, (_, i) => ({
    id: `view-${i}`,
    type: 'view',
    recipient,
    at: at(i + 1),
  }));
  await recordEvents(ctx, [...views, { id: 'bought', type: 'purchase', recipient, at: at(90_000) }]);
}

describe('a history too long to decide on', () => {
  it('is fallen back from where the arm looks at it, and nowhere else, whoever else is in the call', async () => {
    await createExperiment(ctx, draft);
    await changeStatus(ctx, 'looks', 'start');
    const drawnTo = async (arm: string): Promise<string> => {
      for (const { id } of people(30)) {
        if ((await previewArms(ctx, 'looks', { recipient: id })).recipient?.drawn === arm) return id;
      }
      throw new Error(`nobody is drawn to ${arm}`);
    };
    const buyer = await drawnTo('purchase');
    await restless(buyer);

    const preview = await previewArms(ctx, 'looks', { recipient: buyer });
    expect(preview.arms).toMatchObject([
      { arm: 'purchase', delivered: 'strategy', reason: 'rule did', slots: { offer: 'Thank you for your purchase' } },
      { arm: 'view', delivered: 'fallback', fallbackReason: 'the history is too long to decide on', trace: null },
    ]); // prettier-ignore
    expect(preview.events).toBe(1);

    const answers = await assignRecipients(ctx, 'looks', people(30));
    expect(answers.find(({ id }) => id === buyer)).toMatchObject({
      arm: 'purchase',
      delivered: 'strategy',
      content: { offer: 'Thank you for your purchase' },
    });
    expect(await replay(ctx, 'looks')).toMatchObject({ decisions: 30, differenceCount: 0 });
  });
});
