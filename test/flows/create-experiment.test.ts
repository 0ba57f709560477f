import { beforeEach, describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findExperiment, listExperiments } from '../../src/flows/find-experiment.js';
import { listStrategies, registerStrategy } from '../../src/flows/register-strategy.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { testContext, type TestContext } from '../support/context.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const offer = (text: string) => ({ kind: 'static', slots: { offer: text } });
const twoArms = (a: object, b: object) => ({
  ...exampleDraft,
  factors: [{ key: 'strategy', levels: [{ key: 'a', ...a }, { key: 'b', ...b }] }],
  control: 'a',
  weights: [1, 1],
}); // prettier-ignore

describe('creating an experiment', () => {
  it('stores a draft that reads back as it was answered', async () => {
    const created = await createExperiment(ctx, exampleDraft);
    expect(created).toMatchObject({ status: 'draft', salt: 'id-1', createdAt: '2026-03-01T09:00:00.000Z' });
    expect(JSON.parse(JSON.stringify(await findExperiment(ctx, created.key)))).toEqual(
      JSON.parse(JSON.stringify(created)),
    );
    expect(await listExperiments(ctx)).toMatchObject([
      { key: 'spring-offer', enrolled: 0, arms: 4, primaryMetric: 'order' },
    ]);
  });

  it('pins strategies by content: the same definition is one version, whatever its name', async () => {
    const first = await registerStrategy(ctx, { name: 'offer', definition: offer('A') });
    const again = await registerStrategy(ctx, {
      name: 'offer',
      definition: { slots: { offer: 'A' }, kind: 'static' },
    });
    const second = await registerStrategy(ctx, { name: 'offer', definition: offer('B') });
    expect(again).toEqual(first);
    expect([first.version, second.version]).toEqual([1, 2]);
    const byName = await createExperiment(ctx, {
      ...twoArms({ strategy: 'offer@1' }, { strategy: second.hash }),
    });
    expect(byName.factors[0]?.levels.map((level) => level.strategy)).toEqual([first.hash, second.hash]);
    await registerStrategy(ctx, { name: 'offer', definition: offer('C') });
    expect((await findExperiment(ctx, byName.key)).factors).toEqual(byName.factors);
    expect(await listStrategies(ctx)).toHaveLength(3);
  });

  it('numbers versions without a gap when many register at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => registerStrategy(ctx, { name: 'n', definition: offer(`${i}`) })),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each([
    ['an unknown version', { strategy: 'nobody@1' }, 'factors[0].levels[1].strategy'],
    ['an unknown kind', { strategy: { kind: 'oracle' } }, 'factors[0].levels[1].strategy.kind'],
    ['a broken rule', { strategy: { kind: 'rules', rules: [{ id: 'r', when: { trait: 't', op: 'roughly' }, slots: { offer: 'x' } }] } }, 'factors[0].levels[1].strategy.rules[0].when.op'],
    ['rules that may leave somebody without content', { strategy: { kind: 'rules', rules: [{ id: 'r', when: { trait: 't', op: 'exists' }, slots: { offer: 'x' } }] } }, 'factors[0].levels[1].fallback'],
    ['a fallback with a blank', { strategy: { kind: 'static', slots: { offer: 'x', more: 'y' } }, fallback: { offer: 'z' } }, 'factors[0].levels[1].fallback'],
  ])('refuses %s, says where, and stores nothing', async (_, level, path) => {
    const refused = createExperiment(ctx, twoArms({ strategy: offer('A') }, level));
    await expect(refused).rejects.toMatchObject({ kind: 'bad_input', problems: [{ path }] });
    expect(await listExperiments(ctx)).toEqual([]);
    expect(await listStrategies(ctx)).toEqual([]);
  }); // prettier-ignore

  it('refuses a slot with two owners, and a key that is taken', async () => {
    const clash = { ...exampleDraft, factors: [exampleDraft.factors[0], { key: 'x', levels: [{ key: 'a', slots: { offer: 'x' } }] }], control: undefined, weights: undefined }; // prettier-ignore
    await expect(createExperiment(ctx, clash)).rejects.toMatchObject({ code: 'invalid_experiment' });
    await createExperiment(ctx, exampleDraft);
    await expect(createExperiment(ctx, exampleDraft)).rejects.toMatchObject({ code: 'experiment_exists' });
  });

  it('starts once, and names what a draft lacks', async () => {
    await createExperiment(ctx, { ...exampleDraft, hypothesis: undefined, window: undefined });
    await expect(changeStatus(ctx, 'spring-offer', 'start')).rejects.toMatchObject({
      code: 'not_ready',
      problems: [{ path: 'hypothesis' }, { path: 'window' }],
    });
    await createExperiment(ctx, { ...exampleDraft, key: 'ready' });
    const starts = await Promise.allSettled([1, 2, 3].map(() => changeStatus(ctx, 'ready', 'start')));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(changeStatus(ctx, 'ready', 'resume')).rejects.toMatchObject({ code: 'wrong_status' });
  });
});
