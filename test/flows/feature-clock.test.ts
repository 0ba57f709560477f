import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findDecision } from '../../src/flows/find-decision.js';
import { previewArms } from '../../src/flows/preview-arms.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { replay } from '../../src/flows/replay.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { shopDraft } from './shop.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const day = 86_400_000;
const before = (days: number): string => new Date(ctx.clock().getTime() - days * day).toISOString();
const looked = {
  kind: 'rules',
  rules: [
    {
      id: 'looked',
      when: { event: 'view', measure: 'count', op: 'gte', value: 1, within: '3d' },
      slots: { headline: 'Still looking?' },
    },
  ],
  default: { headline: 'Our picks' },
};

/** Both arms decide by the rule; views 7, 5 and 1 days ago, where features are seen as of 5 days ago. */
async function start(featureClock: string | undefined): Promise<void> {
  const view = (recipient: string, days: number) => ({
    ...{ id: `${recipient}-${days}`, type: 'view', recipient, at: before(days) },
  });
  await recordEvents(ctx, [view('early', 7), view('just', 5), view('late', 1)]);
  const levels = ['a', 'b'].map((key) => ({ key, strategy: looked }));
  const factors = [{ key: 'strategy', levels }];
  await createExperiment(ctx, shopDraft({ factors, ...(featureClock && { featureClock }) }));
  await changeStatus(ctx, 'shop', 'start');
}

const recipients = ['early', 'just', 'late'].map((id) => ({ id }));
const assign = async () =>
  (await assignRecipients(ctx, 'shop', recipients)).flatMap((one) => ('arm' in one ? [one] : []));

describe('the clock of features', () => {
  it('is one for all decisions where the draft names it: what came at it or later is not seen', async () => {
    await start(before(5));
    const preview = await Promise.all(
      recipients.map(({ id }) => previewArms(ctx, 'shop', { recipient: id })),
    );
    expect(preview.map(({ arms }) => arms[0]?.reason)).toEqual(['rule looked', 'default', 'default']);
    const answers = await assign();
    expect(answers.map(({ content }) => content['headline'])).toEqual([
      'Still looking?',
      'Our picks',
      'Our picks',
    ]);
    const kept = await Promise.all(answers.map(({ decisionId }) => findDecision(ctx, decisionId ?? '')));
    for (const { manifest, differences, decidedAt } of kept) {
      expect(manifest.clock).toBe(before(5));
      expect(decidedAt).toBe(ctx.clock().toISOString());
      expect(differences).toEqual([]);
    }
    expect(kept.map(({ inputs }) => inputs?.history.length)).toEqual([1, 0, 0]);
    expect(await replay(ctx, 'shop')).toMatchObject({ decisions: 3, differenceCount: 0 });
  });

  it('is that of each decision where it does not', async () => {
    await start(undefined);
    expect((await assign()).map(({ content }) => content['headline'])).toEqual([
      'Our picks',
      'Our picks',
      'Still looking?',
    ]);
  });

  it('is refused where it is no time, with its path', async () => {
    for (const featureClock of ['soon', 5, '2026-03-01', '2026-03-01T09:00:00']) {
      await expect(createExperiment(ctx, shopDraft({ featureClock }))).rejects.toMatchObject({
        problems: [{ path: 'featureClock', message: expect.stringContaining('must be') }],
      });
    }
  });
});

describe('a decision of which something was tampered with', () => {
  it('is shown all the same, and says so', async () => {
    await start(undefined);
    const [answer] = await assign();
    const id = answer?.decisionId ?? '';
    const { manifest } = await findDecision(ctx, id);
    const { hash, ...rest } = manifest;
    const set = async (changed: object): Promise<string[]> => {
      await ctx
        .db('manifests')
        .where({ hash })
        .update({ manifest: JSON.stringify(changed) });
      const { differences, trace } = await findDecision(ctx, id);
      expect(trace === null || typeof trace === 'object').toBe(true);
      return [...differences];
    };
    expect(await set({ ...rest, strategy: `sha256:${'0'.repeat(64)}` })).toEqual([
      `${id}: its manifest was changed`,
    ]);
    expect(await set(rest)).toEqual([]);
    await ctx
      .db('decisions')
      .where({ id })
      .update({ trace: JSON.stringify({ winner: 'nobody' }) });
    expect((await findDecision(ctx, id)).differences).toEqual([expect.stringContaining('trace was')]);
    expect(await replay(ctx, 'shop')).toMatchObject({ differenceCount: 1 });
  });
});
