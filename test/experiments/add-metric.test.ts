import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCohort } from '../../src/experiments/add-cohort.js';
import { addMetric } from '../../src/experiments/add-metric.js';
import { builtInMetrics } from '../../src/experiments/built-in-metrics.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import type { Experiment } from '../../src/experiments/experiment.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { toExperiment } from '../../src/experiments/to-experiment.js';
import { toMetric } from '../../src/experiments/to-metric.js';
import { anyMetricDraft } from './any-metric.js';

function experimentWith(change: object = {}): Experiment {
  const parsed = parseDraft({ ...exampleDraft, ...change });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return toExperiment(parsed.value, { salt: 's', strategyHash: () => 'sha256:x' });
}
const running = experimentWith();
const noMoney = experimentWith({ metrics: ['click'], currency: undefined });
const noWindow = { ...noMoney, windowMs: undefined };

function pathsOf(result: ReturnType<typeof addMetric>): string[] {
  return result.ok ? [] : result.problems.map((one) => one.path);
}

describe('a metric that is added to a running experiment', () => {
  it('stands at the end, whatever it is, and changes nothing else', () => {
    fc.assert(
      fc.property(anyMetricDraft, (draft) => {
        fc.pre(running.metrics.every((metric) => metric.key !== draft.key));
        const before = structuredClone(running);
        const added = addMetric(running, draft);
        expect(added).toEqual({
          ok: true,
          value: { ...before, metrics: [...before.metrics, toMetric(draft, 'EUR')] },
        });
        expect(running).toEqual(before);
      }),
    );
  });

  it('may be a built-in one, or a change of one', () => {
    const last = (input: unknown) => {
      const added = addMetric(running, input);
      return added.ok ? added.value.metrics.at(-1) : added.problems;
    };
    expect(last('average_order')).toEqual(toMetric(builtInMetrics.average_order, 'EUR'));
    expect(last({ use: 'bounce', key: 'hard' })).toMatchObject({ key: 'hard', role: 'guardrail' });
  });

  it('keeps what else is known of the experiment', () => {
    const stored = { ...running, status: 'running' as const, createdAt: '2026-01-01T00:00:00Z' };
    const added = addMetric(stored, 'bounce');
    expect(added.ok && added.value).toMatchObject({ status: 'running', createdAt: stored.createdAt });
  });

  const mistakes: [string, Experiment, unknown, string[]][] = [
    ['a primary one', running, { use: 'conversion', role: 'primary' }, ['role']],
    ['a key that is taken', running, 'click', ['key']],
    ['money where there is no currency', noMoney, 'revenue', ['type']],
    ['a filter on money where there is no currency', noMoney, { use: 'conversion', where: [{ property: 'value', op: 'gt', value: 1 }] }, ['type']],
    ['none where there is no window', noWindow, 'conversion', ['window']],
    ['time where there is no window', noWindow, { key: 't', type: 'time_to_event', event: 'purchase' }, ['window']],
    ['what does not fit together', running, { use: 'bounce', cap: 1, gap: '1d' }, ['gap', 'cap']],
    ['everything at once', noWindow, { use: 'revenue', key: 'click', role: 'primary', cap: 'x' }, ['key', 'role', 'type', 'window']],
    ['an unknown name', running, 'nonsense', ['']],
    ['nothing', running, undefined, ['']],
    ['a list', running, ['click'], ['']],
  ]; // prettier-ignore
  it.each(mistakes)('cannot be %s', (_, experiment, input, paths) => {
    expect(pathsOf(addMetric(experiment, input))).toEqual(paths);
  });

  it('may have its own window where the experiment has none', () => {
    expect(addMetric(noWindow, { use: 'conversion', window: '3d' }).ok).toBe(true);
  });

  it('is the thirtieth at most', () => {
    let experiment = running;
    for (let i = running.metrics.length; i < 30; i += 1) {
      const added = addMetric(experiment, { use: 'conversion', key: `more${i}` });
      if (!added.ok) throw new Error(JSON.stringify(added.problems));
      experiment = added.value;
    }
    expect(pathsOf(addMetric(experiment, 'conversion'))).toEqual(['']);
  });
});

describe('a cohort that is asked for afterwards', () => {
  it('stands at the end', () => {
    const added = addCohort(running, { trait: 'plan', values: ['free', 'paid'] });
    expect(added).toEqual({
      ok: true,
      value: { ...running, cohorts: [...running.cohorts, { trait: 'plan', values: ['free', 'paid'] }] },
    });
    expect(addCohort(running, 'plan')).toMatchObject({ ok: true });
  });

  const many = { ...running, cohorts: Array.from({ length: 10 }, (_, i) => ({ trait: `t${i}` })) };
  const mistakes: [string, Experiment, unknown, string][] = [
    ['one that is there', running, 'country', 'trait'],
    ['the eleventh', many, 'plan', ''],
    ['without a name', running, '', ''],
    ['without values', running, { trait: 'plan', values: [] }, 'values'],
    ['with a field that is not known', running, { trait: 'plan', value: ['a'] }, ''],
    ['a number', running, 7, ''],
  ];
  it.each(mistakes)('cannot be %s', (_, experiment, input, path) => {
    const added = addCohort(experiment, input);
    expect(added.ok ? [] : added.problems.map((one) => one.path)).toEqual([path]);
  });
});
