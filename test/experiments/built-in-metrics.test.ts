import { describe, expect, it } from 'vitest';
import { builtInMetrics, builtInNames, writeOutMetric } from '../../src/experiments/built-in-metrics.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { metricDraftSchema, metricInputSchema } from '../../src/experiments/metric-draft.js';
import { metricProblems } from '../../src/experiments/metric-problems.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { readWith } from '../../src/experiments/read-with.js';
import { toMetric } from '../../src/experiments/to-metric.js';

describe('the built-in metrics', () => {
  it.each(builtInNames)('have %s, which anybody could write out', (name) => {
    const metric = builtInMetrics[name];
    expect(metric.key).toBe(name);
    expect(readWith(metricDraftSchema, metric)).toEqual({ ok: true, value: metric });
    expect(metricProblems(metric, { currency: 'EUR', hasWindow: true })).toEqual([]);
  });

  it('say themselves what is diagnostic', () => {
    for (const name of builtInNames) {
      const metric = builtInMetrics[name];
      expect(toMetric(metric, 'EUR').diagnostic, name).toBe(metric.diagnostic);
      const { diagnostic: _, ...silent } = metric;
      expect(toMetric(silent, 'EUR').diagnostic, name).toBe(metric.diagnostic);
    }
  });

  it('have harms as guardrails', () => {
    const guardrails = builtInNames.filter((name) => builtInMetrics[name].role === 'guardrail');
    expect(guardrails).toEqual(['unsubscribe', 'complaint', 'bounce']);
  });

  it('are declared by name and changed by what stands beside the name', () => {
    const metrics = ['click', { use: 'conversion', role: 'primary', window: '3d' }, { use: 'conversion', key: 'late', event: 'purchase', denominator: 'assigned' }]; // prettier-ignore
    const parsed = parseDraft({ ...exampleDraft, metrics });
    expect(parsed.ok && parsed.value.metrics).toEqual([
      builtInMetrics.click,
      { ...builtInMetrics.conversion, role: 'primary', window: '3d' },
      { ...builtInMetrics.conversion, key: 'late', event: 'purchase', denominator: 'assigned' },
    ]);
  });

  it('are the same after being changed', () => {
    const before = structuredClone(builtInMetrics);
    const changed = readWith(metricInputSchema, {
      use: 'open',
      classes: ['scanner'],
      denominator: 'assigned',
    });
    expect(changed.ok && writeOutMetric(changed.value).classes).toEqual(['scanner']);
    expect(builtInMetrics).toEqual(before);
  });

  it('can lead an experiment unless they are diagnostic', () => {
    for (const name of builtInNames) {
      const parsed = parseDraft({ ...exampleDraft, metrics: [{ use: name, role: 'primary' }] });
      expect(parsed.ok, name).toBe(builtInMetrics[name].diagnostic !== true);
    }
  });
});
