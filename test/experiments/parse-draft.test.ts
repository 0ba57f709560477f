import { describe, expect, it } from 'vitest';
import { armsOf, levelsByFactor } from '../../src/experiments/arms.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { slotConflicts, toExperiment } from '../../src/experiments/to-experiment.js';

const [strategy, subject] = exampleDraft.factors;
const pins = { salt: 'made', strategyHash: (factor: number) => (factor === 0 ? 'sha256:x' : undefined) };

function experimentOf(draft: object) {
  const parsed = parseDraft(draft);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return toExperiment(parsed.value, pins);
}

function pathsOf(draft: unknown): string[] {
  const parsed = parseDraft(draft);
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.path);
}

describe('a draft', () => {
  it('becomes an experiment with its defaults filled in', () => {
    const minimal = {
      key: 'tiny',
      factors: [
        {
          key: 'subject',
          levels: [
            { key: 'a', slots: { subject: 'A' } },
            { key: 'b', slots: { subject: 'B' } },
          ],
        },
      ],
      metrics: [{ key: 'click', type: 'proportion', event: 'clicked' }],
    };
    expect(experimentOf(minimal)).toMatchObject({
      title: 'tiny',
      control: 'a',
      salt: 'made',
      allocation: { version: 1, weights: [1, 1], traffic: 1 },
      metrics: [{ title: 'click', role: 'secondary', classes: ['human', 'unknown'] }],
      plan: { alpha: 0.05, power: 0.8 },
    });
  });

  it('orders its arms row-major, the first factor slowest', () => {
    const { factors } = experimentOf(exampleDraft);
    const arms = armsOf(factors);
    expect(arms.map((arm) => arm.key)).toEqual([
      'same-for-all/plain',
      'same-for-all/question',
      'by-history/plain',
      'by-history/question',
    ]);
    expect(levelsByFactor(factors, arms[2]!)).toEqual({ strategy: 'by-history', subject: 'plain' });
  });

  const mistakes: [string, object, string][] = [
    ['an unknown field', { traffik: 1 }, ''],
    ['a key with capitals', { key: 'Spring' }, 'key'],
    ['a single arm', { factors: [{ key: 'subject', levels: [{ key: 'a', slots: { s: 'x' } }] }], control: 'a', weights: [1] }, 'factors'],
    ['too few weights', { weights: [1, 1, 1] }, 'weights'],
    ['a negative weight', { weights: [1, 1, 1, -1] }, 'weights[3]'],
    ['a fraction as weight', { weights: [1, 1, 1, 0.5] }, 'weights[3]'],
    ['weight on one arm only', { weights: [0, 0, 0, 5] }, 'weights'],
    ['traffic above 1', { traffic: 1.01 }, 'traffic'],
    ['a control that is no arm', { control: 'plain/same-for-all' }, 'control'],
    ['a level twice', { factors: [strategy, { ...subject, levels: [subject!.levels[0], subject!.levels[0]] }] }, 'factors[1].levels[1]'],
    ['a metric twice', { metrics: [exampleDraft.metrics[0], exampleDraft.metrics[0]] }, 'metrics[1]'],
    ['two primary metrics', { metrics: exampleDraft.metrics.map((m) => ({ ...m, role: 'primary' })) }, 'metrics'],
    ['money from clicks', { metrics: [{ key: 'm', type: 'money', event: 'clicked' }] }, 'metrics[0].event'],
    ['money without a currency', { currency: undefined }, 'currency'],
    ['a class on conversions', { metrics: [{ key: 'm', type: 'mean', event: 'converted', classes: ['human'] }] }, 'metrics[0].classes'],
    ['a window in weeks', { window: '2w' }, 'window'],
    ['a level without a strategy', { factors: [{ ...strategy, levels: [{ key: 'a' }, { key: 'b' }] }], control: 'a', weights: [1, 1] }, 'factors[0].levels[0].strategy'],
    ['a strategy on another factor', { factors: [strategy, { ...subject, levels: [{ key: 'plain', strategy: 'x@1' }, { key: 'b' }] }] }, 'factors[1].levels[0]'],
    ['one slot in two factors', { factors: [strategy, subject, { key: 'more', levels: [{ key: 'a', slots: { subject: 'x' } }] }], control: undefined, weights: undefined }, 'factors[2].levels[0].slots.subject'],
    ['65 arms and more', { factors: [0, 1, 2].map((f) => ({ key: `f${f}`, levels: [0, 1, 2, 3, 4].map((l) => ({ key: `l${l}` })) })), control: undefined, weights: undefined }, 'factors'],
    ['a salt with a space', { salt: 'a b' }, 'salt'],
    ['a plan without a time zone', { plan: { end: '2026-03-01T10:00:00' } }, 'plan.end'],
  ]; // prettier-ignore
  it.each(mistakes)('is refused with %s, saying where', (_, change, path) => {
    expect(pathsOf({ ...exampleDraft, ...change })).toContain(path);
  });

  it.each([null, undefined, 1, 'text', [], {}, { key: '__proto__' }])('is refused when it is %j', (input) => {
    expect(pathsOf(input)).not.toEqual([]);
  });

  it('says everything that is wrong at once', () => {
    expect(pathsOf({ ...exampleDraft, control: 'x', weights: [1], currency: undefined })).toEqual([
      'control',
      'weights',
      'weights',
      'currency',
    ]);
  });

  it('names slots that a strategy and another factor would both set', () => {
    const { factors } = experimentOf(exampleDraft);
    expect(slotConflicts(factors, ['offer', 'headline'])).toEqual([]);
    expect(slotConflicts(factors, ['offer', 'subject'])).toEqual(['subject']);
  });
});
