import { describe, expect, it } from 'vitest';
import { listAlerts } from '../../src/flows/alerts.js';
import { listModels } from '../../src/flows/find-models.js';
import { keepLearning, listRetraining, setRetraining } from '../../src/flows/keep-learning.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { nextRetraining } from '../../src/flows/next-retraining.js';
import { recordEvents } from '../../src/flows/record-events.js';
import {
  askToLearn,
  findRun,
  learnNow,
  listRuns,
  stopRun,
  workOffRuns,
} from '../../src/flows/run-learning.js';
import { day, harnessForModels, kind, learn, shop } from './measured-models.js';
import { assigned, startShop } from './shop.js';

const h = harnessForModels();

describe('what was learned from', () => {
  it('names the window, and the arms whose recipients did something after they were enrolled', async () => {
    await startShop(h().ctx, 30);
    await assigned(h().ctx, 30);
    const { source } = await learnStrategy(h().ctx, 'best-sellers');
    expect(source.window).toEqual({ from: '2026-02-27T09:00:00.000Z', until: '2026-03-01T09:00:00.000Z' });
    expect(source.experiments).toEqual([]);
    h().ctx.setTime('2026-03-10T09:00:00.000Z');
    await recordAfter();
    const later = await learnStrategy(h().ctx, 'best-sellers');
    const found = later.source.experiments ?? [];
    expect(found.map(({ key }) => key)).toEqual(['shop', 'shop']);
    expect(found.reduce((sum, one) => sum + one.recipients, 0)).toBe(10);
    const before = await learnStrategy(h().ctx, 'best-sellers', {
      clock: new Date('2026-03-01T08:59:00.000Z'),
    });
    expect(before.source.experiments).toEqual([]);
  });

  async function recordAfter(): Promise<void> {
    const one = (i: number) => ({
      ...{ id: `after-${i}`, type: 'purchase', recipient: `person-${i}`, item: 'shoes-1' },
      at: '2026-03-05T09:00:00.000Z',
    });
    await recordEvents(
      h().ctx,
      Array.from({ length: 10 }, (_, i) => one(i)),
    );
  }
});

describe('runs', () => {
  it('are worked off one after the other and say what became of them', async () => {
    await shop(h().ctx);
    const first = await askToLearn(h().ctx, 'best-sellers', {}, 'Ana');
    const second = await askToLearn(h().ctx, 'best-sellers', { seed: 'x' }, 'Ben');
    expect(first.status).toBe('waiting');
    expect((await workOffRuns(h().ctx)).map(({ run }) => run.id)).toEqual([first.id, second.id]);
    expect(await findRun(h().ctx, second.id)).toMatchObject({
      status: 'done',
      askedBy: 'Ben',
      options: { seed: 'x' },
    });
    expect((await findRun(h().ctx, first.id)).message).toContain('best-sellers/1 was promoted.');
  });

  it('that wait can be taken back, and those that have ended cannot', async () => {
    await shop(h().ctx);
    const run = await askToLearn(h().ctx, 'best-sellers', {}, 'Ana');
    expect(await stopRun(h().ctx, run.id, 'Ben')).toMatchObject({ status: 'interrupted' });
    expect(await workOffRuns(h().ctx)).toEqual([]);
    await expect(stopRun(h().ctx, run.id, 'Ben')).rejects.toMatchObject({ code: 'run_ended' });
    await expect(stopRun(h().ctx, 'no\0body', 'Ben')).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('keep others waiting while one goes on elsewhere, unless its maker has fallen silent', async () => {
    await shop(h().ctx);
    const run = await askToLearn(h().ctx, 'best-sellers', {}, 'Ana');
    const elsewhere = {
      id: 'elsewhere',
      name: 'best-sellers',
      strategy: run.strategy,
      status: 'running',
      step: 'x',
    };
    await h()
      .database.knex('learning_runs')
      .insert({
        ...{
          ...elsewhere,
          options: '{}',
          asked_by: 'Ben',
          asked_at: h().ctx.clock(),
          seen_at: h().ctx.clock(),
        },
      });
    expect(await keepLearning(h().ctx)).toBeUndefined();
    h().ctx.setTime('2026-03-01T09:02:00.000Z');
    expect(await keepLearning(h().ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await findRun(h().ctx, 'elsewhere')).toMatchObject({ status: 'interrupted' });
  });

  it('that fail leave the model in use, and say why', async () => {
    await shop(h().ctx);
    const { hash } = await learnStrategy(h().ctx, 'best-sellers');
    for (const [n, error, word] of [
      [2, new Error('a fault'), 'a fault'],
      [3, undefined, 'Labels are all alike.'],
    ] as const) {
      day(h(), n);
      kind.learn = () => {
        if (error) throw error;
        return { refused: true, code: 'no_variation', reason: 'Labels are all alike.' };
      };
      const signal = new AbortController().signal;
      await expect(
        learnNow(h().ctx, 'best-sellers', { by: 'Ana' }, { tell: () => undefined, signal }),
      ).rejects.toThrow(word);
      const [run] = await listRuns(h().ctx);
      expect(run).toMatchObject({ status: 'failed' });
      expect(run?.message).toContain(`${word} The model in use is as it was.`);
    }
    const [model, ...others] = await listModels(h().ctx);
    expect([model?.hash, model?.inUse, others.length]).toEqual([hash, true, 0]);
  });
});

describe('retraining', () => {
  it('is due at its time of the day, so many days after it last learned', () => {
    const since = new Date('2026-03-01T09:00:00Z');
    const next = (lastAt?: string, everyDays = 7) =>
      nextRetraining({
        everyDays,
        at: '03:30',
        since,
        lastAt: lastAt === undefined ? undefined : new Date(lastAt),
      }).toISOString();
    expect(next()).toBe('2026-03-02T03:30:00.000Z');
    expect(next('2026-03-02T03:30:05Z')).toBe('2026-03-09T03:30:00.000Z');
    expect(next('2026-03-02T23:59:00Z', 1)).toBe('2026-03-03T03:30:00.000Z');
    expect(next('2026-01-01T00:00:00Z')).toBe('2026-03-02T03:30:00.000Z');
  });

  it('learns when it is due, raises an alert when it fails, and closes it when it does not', async () => {
    await shop(h().ctx);
    await setRetraining(h().ctx, 'best-sellers', { every: '1d', at: '03:30' }, 'Ana');
    expect(await listRetraining(h().ctx)).toEqual([
      { name: 'best-sellers', every: '1d', at: '03:30', setBy: 'Ana', next: '2026-03-02T03:30:00.000Z' },
    ]);
    expect(await keepLearning(h().ctx)).toBeUndefined();
    h().ctx.setTime('2026-03-02T03:30:00.000Z');
    expect(await keepLearning(h().ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await keepLearning(h().ctx)).toBeUndefined();
    kind.learn = () => ({ refused: true, code: 'too_few', reason: 'Nobody did anything.' });
    h().ctx.setTime('2026-03-03T03:30:01.000Z');
    expect(await keepLearning(h().ctx)).toEqual({ learned: 0, failed: 1 });
    expect(await keepLearning(h().ctx)).toBeUndefined();
    const [alert] = await listAlerts(h().ctx, true);
    expect(alert).toMatchObject({ kind: 'learning', subject: 'best-sellers' });
    expect(alert?.message).toContain('Nobody did anything. The model in use is as it was.');
    kind.learn = learn;
    h().ctx.setTime('2026-03-04T03:31:00.000Z');
    expect(await keepLearning(h().ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await listAlerts(h().ctx, true)).toEqual([]);
    expect(await setRetraining(h().ctx, 'best-sellers', { every: null }, 'Ana')).toBeUndefined();
    h().ctx.setTime('2026-04-04T03:31:00.000Z');
    expect(await keepLearning(h().ctx)).toBeUndefined();
  });

  it('refuses what is no schedule', async () => {
    await shop(h().ctx);
    for (const body of [
      {},
      { every: '0d' },
      { every: '366d' },
      { every: '2h' },
      { every: '1d', at: '24:00' },
    ]) {
      await expect(setRetraining(h().ctx, 'best-sellers', body, 'Ana')).rejects.toMatchObject({
        code: 'invalid_retraining',
      });
    }
    await expect(setRetraining(h().ctx, 'nobody', { every: '1d' }, 'Ana')).rejects.toMatchObject({
      code: 'strategy_not_found',
    });
  });
});
