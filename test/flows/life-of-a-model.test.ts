import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeAlert, listAlerts } from '../../src/flows/alerts.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { checkModels } from '../../src/flows/check-models.js';
import { checkVolumes } from '../../src/flows/check-volumes.js';
import { compareModels } from '../../src/flows/compare-models.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findModel, listModels } from '../../src/flows/find-models.js';
import { keepLearning, listRetraining, setRetraining } from '../../src/flows/keep-learning.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { nextRetraining } from '../../src/flows/next-retraining.js';
import { changeModelInUse } from '../../src/flows/promote-model.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import {
  askToLearn,
  findRun,
  learnNow,
  listRuns,
  stopRun,
  workOffRuns,
} from '../../src/flows/run-learning.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import type { Measure, Reference } from '../../src/strategies/model-report.js';
import { popularKind } from '../../src/strategies/popular.js';
import type { Json, Learned, StrategyKind } from '../../src/strategies/strategy.js';
import { emptyTables } from '../support/database.js';
import { openHarness, type Harness } from '../web/web-harness.js';
import { longReport } from './long-report.js';
import { assigned, fillShop, popular, shopDraft, startShop } from './shop.js';

type Kind = { -readonly [K in keyof StrategyKind<unknown>]: StrategyKind<unknown>[K] };
const kind = popularKind as unknown as Kind;
const learn = kind.learn!;

let h: Harness;
let ctx: Harness['ctx'];
beforeAll(async () => {
  h = await openHarness();
  ctx = h.ctx;
});
afterAll(() => h.database.close());
beforeEach(async () => {
  await emptyTables(h.database.knex);
  ctx.setTime('2026-03-01T09:00:00.000Z');
});
afterEach(() => {
  kind.learn = learn;
  delete kind.measure;
  delete kind.watch;
});

/** Lets the kind be as good as said: the model that was learned on a day, and what a model sees. */
function measured(worth: (learnedOn: string) => Partial<Measure> | number): void {
  kind.learn = (...args) => {
    const learned = learn(...args) as Learned;
    const day = args[2].toISOString().slice(0, 10);
    const state = { ...(learned.state as Record<string, Json>), day };
    return {
      state,
      report: {
        ...learned.report,
        ...longReport,
        measures: [auc(worth(day)), ...longReport.measures.slice(1)],
      },
    };
  };
  kind.measure = (_definition, state) => auc(worth((state as { day: string }).day));
}

function auc(worth: Partial<Measure> | number): Measure {
  const own = { name: 'AUC', definition: 'Area under the ROC curve on the hold-out.' };
  if (typeof worth !== 'number') return { ...own, ...worth } as Measure;
  return { ...own, value: worth, interval: [worth - 0.01, worth + 0.01], higherIsBetter: true };
}

async function shop(): Promise<void> {
  await fillShop(ctx, 30);
  await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
  await takeSnapshot(ctx);
}

const day = (n: number): void => ctx.setTime(`2026-03-${String(n).padStart(2, '0')}T09:00:00.000Z`);

describe('promotion', () => {
  it('takes the first model, then only a better one on the same hold-out', async () => {
    const worths: Record<string, number> = { '2026-03-01': 0.7, '2026-03-02': 0.7, '2026-03-03': 0.71 };
    measured((on) => worths[on] ?? 0);
    await shop();
    expect((await learnStrategy(ctx, 'best-sellers')).judgement.status).toBe('promoted');
    day(2);
    const second = await learnStrategy(ctx, 'best-sellers', { by: 'Ana' });
    expect(second.judgement.status).toBe('kept');
    expect(second.judgement.why).toContain(
      'AUC 0.7 against 0.7 of best-sellers/1 on the same hold-out: not better',
    );
    day(3);
    const third = await learnStrategy(ctx, 'best-sellers');
    expect(third.judgement.status).toBe('promoted');
    expect(third.parent).toBe((await findModel(ctx, 'best-sellers', 1)).hash);
    const { record, inUse } = await findModel(ctx, 'best-sellers', 3);
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
    await shop();
    day(5);
    await learnStrategy(ctx, 'best-sellers');
    day(6);
    expect((await learnStrategy(ctx, 'best-sellers')).judgement).toMatchObject({
      status: 'kept',
      why: expect.stringContaining('Nobody bought anything') as string,
    });
    measured(() => 0.9);
    const older = await learnStrategy(ctx, 'best-sellers', { clock: new Date('2026-03-04T00:00:00Z') });
    expect(older.judgement).toMatchObject({
      status: 'kept',
      why: expect.stringContaining('known later') as string,
    });
  });

  it('takes the newest where the kind has no measure', async () => {
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    day(2);
    expect((await learnStrategy(ctx, 'best-sellers')).judgement.status).toBe('promoted');
  });

  it('is for people too, with a reason, and goes back', async () => {
    await shop();
    for (const n of [1, 2, 3]) {
      day(n);
      await learnStrategy(ctx, 'best-sellers');
    }
    const change = (what: 'promote' | 'rollback', body: object) =>
      changeModelInUse(ctx, what, 'best-sellers', body, 'Ana');
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
    const { record } = await findModel(ctx, 'best-sellers', 1);
    expect(record.slice(-2).map(({ id, why, doneBy }) => [id, why, doneBy])).toEqual([
      ['best-sellers/2', 'Too many hats.', 'Ana'],
      ['best-sellers/1', 'Further.', 'Ana'],
    ]);
    measured(() => 0.1);
    await expect(changeModelInUse(ctx, 'rollback', 'nobody', { why: 'x' }, 'Ana')).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });

  it('changes nothing about an arm that runs, to the byte, and the next start takes what is in use', async () => {
    await startShop(ctx, 30);
    const before = await assigned(ctx, 30);
    day(2);
    await fillAgain();
    await learnStrategy(ctx, 'best-sellers');
    await changeModelInUse(ctx, 'rollback', 'best-sellers', { why: 'Try the old one.' }, 'Ana');
    await changeModelInUse(ctx, 'promote', 'best-sellers', { number: 2, why: 'And back.' }, 'Ana');
    expect(JSON.stringify(await assigned(ctx, 30))).toBe(JSON.stringify(before));
    const fresh = await assigned(ctx, 30, 1_000);
    expect(fresh.length).toBe(30);
    await createExperiment(ctx, shopDraft({ key: 'next', salt: 'next' }));
    await changeStatus(ctx, 'next', 'start');
    const models = await listModels(ctx);
    expect(models.map(({ id, inUse, users }) => [id, inUse, users.map(({ key }) => key)])).toEqual([
      ['best-sellers/2', true, ['next']],
      ['best-sellers/1', false, ['shop']],
    ]);
  });

  it('of an old snapshot is refused at the start, with every way out', async () => {
    measured((on) => (on === '2026-03-01' ? 0.8 : 0.7));
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    day(2);
    await recordItems(ctx, [{ item: 'hats-9', category: 'hats' }]);
    await takeSnapshot(ctx);
    expect((await learnStrategy(ctx, 'best-sellers')).judgement.status).toBe('kept');
    await createExperiment(ctx, shopDraft());
    const refusal = await changeStatus(ctx, 'shop', 'start').catch((error: unknown) => error);
    const { message } = (refusal as { problems: { message: string }[] }).problems[0]!;
    expect(message).toContain('postulate strategies learn best-sellers@1');
    expect(message).toContain('take best-sellers/2, which knows it, into use');
    await changeModelInUse(ctx, 'promote', 'best-sellers', { number: 2, why: 'It knows the hats.' }, 'Ana');
    expect(await changeStatus(ctx, 'shop', 'start')).toMatchObject({ status: 'running' });
  });

  it('compares two on the hold-out before now', async () => {
    measured((on) => (on === '2026-03-01' ? 0.6 : 0.7));
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    await expect(
      compareModels(ctx, { name: 'best-sellers', number: 1 }, () => undefined),
    ).rejects.toMatchObject({ code: 'same_model' });
    day(2);
    await learnStrategy(ctx, 'best-sellers');
    const { models } = await compareModels(ctx, { name: 'best-sellers', number: 1 }, () => undefined);
    expect(models.map(({ id, measure }) => [id, 'value' in measure && measure.value])).toEqual([
      ['best-sellers/1', 0.6],
      ['best-sellers/2', 0.7],
    ]);
  });
});

async function fillAgain(): Promise<void> {
  await fillShop(ctx, 60);
}

describe('what was learned from', () => {
  it('names the window, and the arms whose recipients did something after they were enrolled', async () => {
    await startShop(ctx, 30);
    await assigned(ctx, 30);
    const { source } = await learnStrategy(ctx, 'best-sellers');
    expect(source.window).toEqual({ from: '2026-02-27T09:00:00.000Z', until: '2026-03-01T09:00:00.000Z' });
    expect(source.experiments).toEqual([]);
    ctx.setTime('2026-03-10T09:00:00.000Z');
    await recordAfter();
    const later = await learnStrategy(ctx, 'best-sellers');
    const found = later.source.experiments ?? [];
    expect(found.map(({ key }) => key)).toEqual(['shop', 'shop']);
    expect(found.reduce((sum, one) => sum + one.recipients, 0)).toBe(10);
    const before = await learnStrategy(ctx, 'best-sellers', { clock: new Date('2026-03-01T08:59:00.000Z') });
    expect(before.source.experiments).toEqual([]);
  });

  async function recordAfter(): Promise<void> {
    const one = (i: number) => ({
      ...{ id: `after-${i}`, type: 'purchase', recipient: `person-${i}`, item: 'shoes-1' },
      at: '2026-03-05T09:00:00.000Z',
    });
    await recordEvents(
      ctx,
      Array.from({ length: 10 }, (_, i) => one(i)),
    );
  }
});

describe('runs', () => {
  it('are worked off one after the other and say what became of them', async () => {
    await shop();
    const first = await askToLearn(ctx, 'best-sellers', {}, 'Ana');
    const second = await askToLearn(ctx, 'best-sellers', { seed: 'x' }, 'Ben');
    expect(first.status).toBe('waiting');
    expect((await workOffRuns(ctx)).map(({ run }) => run.id)).toEqual([first.id, second.id]);
    expect(await findRun(ctx, second.id)).toMatchObject({
      status: 'done',
      askedBy: 'Ben',
      options: { seed: 'x' },
    });
    expect((await findRun(ctx, first.id)).message).toContain('best-sellers/1 was promoted.');
  });

  it('that wait can be taken back, and those that have ended cannot', async () => {
    await shop();
    const run = await askToLearn(ctx, 'best-sellers', {}, 'Ana');
    expect(await stopRun(ctx, run.id, 'Ben')).toMatchObject({ status: 'interrupted' });
    expect(await workOffRuns(ctx)).toEqual([]);
    await expect(stopRun(ctx, run.id, 'Ben')).rejects.toMatchObject({ code: 'run_ended' });
    await expect(stopRun(ctx, 'no\0body', 'Ben')).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('keep others waiting while one goes on elsewhere, unless its maker has fallen silent', async () => {
    await shop();
    const run = await askToLearn(ctx, 'best-sellers', {}, 'Ana');
    const elsewhere = {
      id: 'elsewhere',
      name: 'best-sellers',
      strategy: run.strategy,
      status: 'running',
      step: 'x',
    };
    await h.database.knex('learning_runs').insert({
      ...{ ...elsewhere, options: '{}', asked_by: 'Ben', asked_at: ctx.clock(), seen_at: ctx.clock() },
    });
    expect(await keepLearning(ctx)).toBeUndefined();
    ctx.setTime('2026-03-01T09:02:00.000Z');
    expect(await keepLearning(ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await findRun(ctx, 'elsewhere')).toMatchObject({ status: 'interrupted' });
  });

  it('that fail leave the model in use, and say why', async () => {
    await shop();
    const { hash } = await learnStrategy(ctx, 'best-sellers');
    for (const [n, error, word] of [
      [2, new Error('a fault'), 'a fault'],
      [3, undefined, 'Labels are all alike.'],
    ] as const) {
      day(n);
      kind.learn = () => {
        if (error) throw error;
        return { refused: true, code: 'no_variation', reason: 'Labels are all alike.' };
      };
      const signal = new AbortController().signal;
      await expect(
        learnNow(ctx, 'best-sellers', { by: 'Ana' }, { tell: () => undefined, signal }),
      ).rejects.toThrow(word);
      const [run] = await listRuns(ctx);
      expect(run).toMatchObject({ status: 'failed' });
      expect(run?.message).toContain(`${word} The model in use is as it was.`);
    }
    const [model, ...others] = await listModels(ctx);
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
    await shop();
    await setRetraining(ctx, 'best-sellers', { every: '1d', at: '03:30' }, 'Ana');
    expect(await listRetraining(ctx)).toEqual([
      { name: 'best-sellers', every: '1d', at: '03:30', setBy: 'Ana', next: '2026-03-02T03:30:00.000Z' },
    ]);
    expect(await keepLearning(ctx)).toBeUndefined();
    ctx.setTime('2026-03-02T03:30:00.000Z');
    expect(await keepLearning(ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await keepLearning(ctx)).toBeUndefined();
    kind.learn = () => ({ refused: true, code: 'too_few', reason: 'Nobody did anything.' });
    ctx.setTime('2026-03-03T03:30:01.000Z');
    expect(await keepLearning(ctx)).toEqual({ learned: 0, failed: 1 });
    expect(await keepLearning(ctx)).toBeUndefined();
    const [alert] = await listAlerts(ctx, true);
    expect(alert).toMatchObject({ kind: 'learning', subject: 'best-sellers' });
    expect(alert?.message).toContain('Nobody did anything. The model in use is as it was.');
    kind.learn = learn;
    ctx.setTime('2026-03-04T03:31:00.000Z');
    expect(await keepLearning(ctx)).toEqual({ learned: 1, failed: 0 });
    expect(await listAlerts(ctx, true)).toEqual([]);
    expect(await setRetraining(ctx, 'best-sellers', { every: null }, 'Ana')).toBeUndefined();
    ctx.setTime('2026-04-04T03:31:00.000Z');
    expect(await keepLearning(ctx)).toBeUndefined();
  });

  it('refuses what is no schedule', async () => {
    await shop();
    for (const body of [
      {},
      { every: '0d' },
      { every: '366d' },
      { every: '2h' },
      { every: '1d', at: '24:00' },
    ]) {
      await expect(setRetraining(ctx, 'best-sellers', body, 'Ana')).rejects.toMatchObject({
        code: 'invalid_retraining',
      });
    }
    await expect(setRetraining(ctx, 'nobody', { every: '1d' }, 'Ana')).rejects.toMatchObject({
      code: 'strategy_not_found',
    });
  });
});

describe('drift', () => {
  const reference = longReport.reference as Reference;
  const seen = (recency: number[]): Reference => ({
    ...reference,
    features: reference.features.map((one) => (one.name === 'recency' ? { ...one, counts: recency } : one)),
  });

  it('is checked, raises one alert, and closes it when it is over', async () => {
    measured(() => 0.7);
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    const own = reference.features[0]!.counts;
    const outcomes = { rows: 1_000, observed: 100, expected: 104 };
    kind.watch = () => ({ now: seen([...own]), outcomes });
    expect(await checkModels(ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    day(2);
    kind.watch = () => ({ now: seen([...own].map((n, i) => (i === 0 ? n * 20 : n))), outcomes });
    expect(await checkModels(ctx)).toEqual({ models: 1, alerting: 1, failed: 0 });
    day(3);
    kind.measure = () => auc(0.55);
    kind.watch = () => ({ now: seen([...own]), outcomes: { ...outcomes, expected: 200 } });
    await checkModels(ctx);
    const [alert, ...more] = await listAlerts(ctx, true);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'drift',
      subject: 'best-sellers@1',
      raisedAt: '2026-03-02T09:00:00.000Z',
      seenAt: '2026-03-03T09:00:00.000Z',
    });
    expect(alert?.detail).toMatchObject({ measures: ['calibration', 'AUC'] });
    day(4);
    measured(() => 0.7);
    kind.watch = () => ({ now: seen([...own]), outcomes });
    await checkModels(ctx);
    expect((await listAlerts(ctx))[0]).toMatchObject({ closedBy: 'over' });
    const { history } = await findModel(ctx, 'best-sellers', 1);
    expect(history.filter(({ measure }) => measure === 'drift of recency').map(({ alerting }) => alerting)).toEqual([
      false, true, false, false,
    ]); // prettier-ignore
  });

  it('of a few rows alarms nobody', async () => {
    measured(() => 0.7);
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    const few = reference.features[0]!.counts.map((_, i) => (i < 4 ? 2 : 0));
    kind.watch = () => ({ now: seen(few), outcomes: { rows: 20, observed: 1, expected: 6 } });
    expect(await checkModels(ctx)).toMatchObject({ alerting: 0 });
    const { checks } = await findModel(ctx, 'best-sellers', 1);
    expect(checks.find(({ measure }) => measure === 'drift of recency')?.value).toBeGreaterThan(0.2);
  });

  it('says so where a model has nothing to be held against, and goes on after one that fails', async () => {
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    expect(await checkModels(ctx)).toEqual({ models: 1, alerting: 0, failed: 0 });
    const { checks } = await findModel(ctx, 'best-sellers', 1);
    expect(checks[0]).toMatchObject({
      value: null,
      detail: { reason: expect.stringContaining('no reference') as string },
    });
    kind.measure = () => {
      throw new Error('a fault');
    };
    day(2);
    expect(await checkModels(ctx)).toEqual({ models: 0, alerting: 0, failed: 1 });
  });
});

describe('volumes', () => {
  it('raise an alert on a spike, which a person can close', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      ...{ experiment: '', source: 'api', type: 'view', class: '', status: 'recorded' },
      day: new Date(Date.parse('2026-01-01') + i * 86_400_000).toISOString().slice(0, 10),
      ...{ n: i === 59 ? 9_000 : 1_000 + ((i * 37) % 50), lag_sum: 0, lag_max: 0, ahead: 0 },
      last_received_at: new Date('2026-03-02T00:00:00Z'),
    }));
    await h.database.knex('event_counts').insert(rows);
    ctx.setTime('2026-03-02T01:07:00.000Z');
    expect(await checkVolumes(ctx)).toEqual({ day: '2026-03-01', judged: 1, alerting: 1 });
    const [alert] = await listAlerts(ctx, true);
    expect(alert?.message).toMatch(/^events: view on 2026-03-01: 9,000, above the usual/);
    expect(await closeAlert(ctx, alert!.id, 'Ana')).toMatchObject({ closedBy: 'Ana' });
    await expect(closeAlert(ctx, alert!.id, 'Ben')).rejects.toMatchObject({ code: 'alert_closed' });
    await expect(closeAlert(ctx, 'x', 'Ben')).rejects.toMatchObject({ code: 'alert_not_found' });
    await h.database.knex('event_counts').where({ day: '2026-03-01' }).update({ source: 'import:old.csv' });
    expect(await checkVolumes(ctx)).toEqual({ day: '2026-03-01', judged: 1, alerting: 1 });
  });

  it('say nothing before there are enough days', async () => {
    expect(await checkVolumes(ctx)).toBeUndefined();
  });
});

describe('pages', () => {
  it('show everything that a report says, promote with a reason, and close alerts', async () => {
    measured((on) => (on === '2026-03-01' ? 0.8 : 0.7));
    await shop();
    await learnStrategy(ctx, 'best-sellers');
    day(2);
    await learnStrategy(ctx, 'best-sellers');
    await checkModels(ctx);
    const session = await h.signIn('admin');
    const get = (path: string) => request(h.app).get(path).set('Cookie', session.cookie);
    const list = await get('/models');
    expect(list.text).toContain('href="/models/best-sellers/2"');
    const page = await get('/models/best-sellers/2');
    for (const text of [
      ...[
        'Calibration',
        'calibration-chart',
        'Days since the last order',
        'Worse without it',
        'if recency &lt; 31',
      ],
      ...[
        'gradient boosting',
        'With fewer features',
        'One column does as well',
        'not better, so best-sellers/1 stays',
      ],
      ...['bought within 30 days', 'no consent', 'popularity', 'Nobody clicked.'],
    ])
      expect(page.text).toContain(text);
    const promote = (why: string) => h.submit('/models/best-sellers/2/promote', session, { why });
    const refused = await promote('');
    expect([refused.status, refused.text.includes('say why')]).toEqual([422, true]);
    expect((await promote('I know better.')).status).toBe(303);
    expect((await findModel(ctx, 'best-sellers', 2)).inUse).toBe(true);
    expect((await get('/models/best-sellers/99')).status).toBe(404);
    expect((await get('/models?from=9999')).text).toContain('no more models');
    const answer = await get('/v1/models/best-sellers/2');
    expect(answer.status).toBe(200);
  });
});
