import { describe, expect, it } from 'vitest';
import { judgeDrift } from '../../../../src/strategies/judge-drift.js';
import { upliftKind, type UpliftDefinition } from '../../../../src/strategies/ml/kinds/uplift.js';
import type { Json, Learned, LearningLog, NothingLearned } from '../../../../src/strategies/strategy.js';
import { describeStrategyKind } from '../../../conformance/strategy.js';
import { trialClock, trialLog } from './trial-world.js';

const world = trialLog(1_500);
const written = {
  ...{ kind: 'uplift', experiment: 'spring', metric: 'ordered', treated: 'mail', control: 'none', top: 0.4 },
  model: { features: ['count(purchase, 30d)', 'count(view, 30d)', 'trait.plan'] },
  slots: { subject: 'Something for you' },
  otherwise: { subject: { content: 'hello@1' } },
};
const profiles = [...world.histories.values()]
  .slice(0, 6)
  .map((history) => ({ traits: { plan: 'gold' }, history }));

describeStrategyKind(upliftKind, [
  { name: 'the usual learner', definition: written, profiles, ...world },
  {
    name: 'two boosted models, from a score on',
    definition: {
      ...written,
      ...{ learner: 'two-model', top: undefined, above: 0.1 },
      model: { ...written.model, estimator: 'boosting', settings: { trees: 10 } },
    },
    ...{ profiles, ...world },
  },
]);

const log = (parts = world): LearningLog => ({ ...parts, catalogue: { hash: 'sha256:none', items: [] } });

function definitionOf(more: object = {}): UpliftDefinition {
  const parsed = upliftKind.parse({ ...written, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function learn(more: object = {}, from = log()): Learned | NothingLearned {
  const learned = upliftKind.learn?.(definitionOf(more), from, trialClock, 'seed');
  if (!learned) throw new Error('the kind learns nothing');
  return learned;
}

function known(learned: Learned | NothingLearned): Learned {
  if ('refused' in learned) throw new Error(learned.reason);
  return learned;
}

describe('an uplift strategy', () => {
  it('gives the treatment to those who gain', () => {
    const { state } = known(learn());
    const decider = upliftKind.prepare(definitionOf(), { learned: state, contents: new Map([['hello@1', 'Hello']]), segments: new Map() }); // prettier-ignore
    const bought = [
      { id: 'b', type: 'purchase', at: trialClock.getTime() - 86_400_000, item: 'boots', category: 'shoes' },
    ];
    const decide = (history: typeof bought) => decider.decide({ traits: {}, history }, () => [], trialClock);
    expect(decide(bought)).toMatchObject({ slots: { subject: 'Something for you' }, probability: 1 });
    expect(decide([])).toMatchObject({ slots: { subject: 'Hello' } });
  });

  it('reports Qini with an interval on the held-out folds, and that one column does as well', () => {
    const { report } = known(learn());
    expect(report.measures[0]).toMatchObject({
      name: 'Qini',
      interval: [expect.any(Number), expect.any(Number)],
    });
    expect(report.split).toMatchObject({ kind: 'random', note: expect.stringContaining('Folds 14 to 19') });
    expect(report.baselines?.map(({ name }) => name)).toEqual(expect.arrayContaining(['treat everybody', 'count(purchase, 30d), highest first'])); // prettier-ignore
    expect(report.notes[0]).toMatch(/^One column \(count\(purchase, 30d\), highest first\) does as well/);
    expect(report.notes[1]).toMatch(/recipients whose window was still open were left out/);
  });

  it('holds out by the seed where rows have no folds, and says so', () => {
    const { report } = known(learn({}, log(trialLog(1_500, false))));
    expect(report.split.note).toContain('drawn from the seed');
  });

  it('measures an older model on the same rows', () => {
    const { state, report } = known(learn());
    expect(upliftKind.measure?.(definitionOf(), state, log(), trialClock, 'seed')).toEqual(
      report.measures[0],
    );
  });

  it('is watched over everybody who is known, and finds a trait that has changed', () => {
    const { state, report } = known(learn());
    const drift = (seen: LearningLog) => {
      const watched = upliftKind.watch!(definitionOf(), state, report.reference!, seen, trialClock);
      return judgeDrift(report, watched, undefined);
    };
    const same = drift(log());
    expect(same.map(({ measure }) => measure)).toEqual([
      'drift of scores',
      ...written.model.features.map((name) => `drift of ${name}`),
    ]);
    expect(same.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
    const gold = { plan: { value: 'gold', at: 0 } };
    const all = new Map([...world.traits].map(([key]) => [key, gold] as const));
    const moved = drift(log({ ...world, traits: all })).filter(({ alerting }) => alerting);
    expect(moved.map(({ measure }) => measure)).toContain('drift of trait.plan');
    const nobody = log({ ...world, histories: new Map(), traits: new Map() });
    expect(drift(nobody)).toMatchObject([{ value: null, alerting: false }]);
  });

  it('sees nothing of enrolments and traits at the clock or later', () => {
    const trial = world.trials.get('spring')!;
    const later = trial.rows.map((row) => ({
      ...row,
      recipient: `x_${row.recipient}`,
      at: trialClock.getTime() + 5,
    }));
    const more = { ...world, trials: new Map([['spring', { ...trial, rows: [...trial.rows, ...later] }]]) };
    expect(known(learn({}, log(more))).state).toEqual(known(learn()).state);
  });

  it.each<[string, object, Partial<typeof world>, string]>([
    ['an experiment that nobody knows', { experiment: 'autumn' }, {}, 'no_trial'],
    ['an arm that it has not', { treated: 'letter' }, {}, 'no_arm'],
    ['a metric that is not known', { metric: 'spend' }, {}, 'too_few'],
    ['nobody', {}, { trials: new Map([['spring', { arms: ['none', 'mail'], shares: [0.5, 0.5], rows: [] }]]) }, 'too_few'],
  ])('learns nothing from %s', (_, more, parts, code) => {
    const learned = learn(more, log({ ...world, ...parts }));
    expect(learned).toMatchObject({ refused: true, code });
    expect('reason' in learned ? learned.reason : '').toMatch(/^[A-Z].*\.$/);
  }); // prettier-ignore

  it('learns nothing where all have the outcome', () => {
    const trial = world.trials.get('spring')!;
    const rows = trial.rows.map((row) => ({ ...row, outcomes: { ordered: 1 } }));
    const all = { ...world, trials: new Map([['spring', { ...trial, rows }]]) };
    expect(learn({}, log(all))).toMatchObject({ refused: true, code: 'one_label' });
  });

  it.each([
    ['both a share and a score', { above: 0.1 }],
    ['neither', { top: undefined }],
    ['the same arm twice', { control: 'mail' }],
    ['slots that others leave out', { otherwise: { teaser: 'x' } }],
    ['a feature that is none', { model: { features: ['shoe size'] } }],
    ['an estimator that is none', { model: { estimator: 'oracle' } }],
    ['a learner that is none', { learner: 'guess' }],
  ])('is refused with %s', (_, more) => {
    expect(upliftKind.parse({ ...written, ...more }).ok).toBe(false);
  });

  it.each([
    null,
    'x',
    {},
    { version: 2 },
    { version: 1, learner: 'two-model', estimator: 'least_squares', threshold: 0, model: {} },
  ])('refuses to decide by what was not learned: %j', (learned) => {
    const parts = {
      learned: learned as Json,
      contents: new Map([['hello@1', 'Hello']]),
      segments: new Map(),
    };
    expect(() => upliftKind.prepare(definitionOf(), parts)).toThrow(/[Ll]earn/);
  });
});
