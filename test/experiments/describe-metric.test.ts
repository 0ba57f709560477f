import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInMetrics, builtInNames } from '../../src/experiments/built-in-metrics.js';
import { describeMetric, directionOf } from '../../src/experiments/describe-metric.js';
import type { Metric } from '../../src/experiments/experiment.js';
import type { MetricDraft } from '../../src/experiments/metric-draft.js';
import { metricProblems } from '../../src/experiments/metric-problems.js';
import { toMetric } from '../../src/experiments/to-metric.js';
import { anyMetricDraft } from './any-metric.js';

const experiment = { currency: 'EUR', windowMs: 14 * 86_400_000 };
const told = (draft: MetricDraft, around: object = experiment): string =>
  describeMetric(toMetric(draft, 'EUR'), around);

const rate: MetricDraft = { key: 'm', type: 'proportion', event: 'converted', role: 'secondary' };

describe('the sentence of a metric', () => {
  const sentences: [MetricDraft, string][] = [
    [{ ...rate, event: 'clicked' }, 'Share of all enrolled recipients who clicked (human, unknown) within 14 days of their own send; each counts once.'],
    [{ ...rate, event: 'opened', classes: ['privacy_proxy'], denominator: 'sent', window: '36h' }, 'Of the enrolled recipients who were sent a message, the share who opened (privacy proxy), both within 36 hours of their own send; each counts once.'],
    [{ ...rate, type: 'mean', event: 'view', cap: 5 }, 'Number of views in the shop within 14 days of their own send, per enrolled recipient, zeros included; one recipient counts at most 5.'],
    [{ ...rate, type: 'mean', count: 'messages', event: 'clicked', delay: '2d', from: 'first_send' }, 'Number of messages in which recipients clicked (human, unknown) within the 14 days that begin 2 days after their own first send, per enrolled recipient, zeros included.'],
    [{ ...rate, type: 'mean', event: 'purchase', where: [{ property: 'value', op: 'gte', value: 50 }, { property: 'category', op: 'in', value: ['a', 'b'] }] }, 'Number of purchases where value is at least 50 EUR and category is one of "a", "b" within 14 days of their own send, per enrolled recipient, zeros included; an order counts once, a cancelled one not at all.'],
    [{ ...rate, type: 'money', cap: '250.5', covariate: { window: '90d' }, maturity: '2d', from: 'assignment' }, 'EUR from conversions within 14 days of their assignment, per enrolled recipient, zeros included; refunds are subtracted; an order counts once, a cancelled one not at all; one recipient counts at most 250.50 EUR; adjusted for the same in the 90 days before the assignment; late events are waited for 2 days.'],
    [{ ...rate, type: 'ratio', count: 'messages', event: 'clicked', denominator: { event: 'delivered', count: 'messages' } }, 'Messages in which recipients clicked (human, unknown), divided by messages delivered, both within 14 days of their own send.'],
    [{ ...rate, type: 'retention', gap: '1d', role: 'guardrail', margin: { absolute: 0.002 } }, 'Share of all enrolled recipients who converted and did so again 1 day or more later, both within 14 days of their own first send; each counts once; a cancelled order does not count; it may get worse by 0.2 percentage points.'],
    [{ ...rate, type: 'time_to_event', event: 'unsubscribed', role: 'guardrail', margin: { absolute: 30 } }, 'Whole minutes from their own first send until recipients first unsubscribed within 14 days of their own first send, per enrolled recipient; who did not counts with the whole window; it may get worse by 30 minutes.'],
    [{ ...rate, role: 'guardrail', margin: { relative: 0.07 }, diagnostic: true }, 'Share of all enrolled recipients who converted within 14 days of their own send; each counts once; a cancelled order does not count; it may get worse by 7 % of the level of the control; declared as diagnostic.'],
  ]; // prettier-ignore
  it.each(sentences)('of %j says what counts, over whom and when', (draft, sentence) => {
    expect(told(draft)).toBe(sentence);
  });

  it('leaves a window out that is not declared yet', () => {
    expect(told({ ...rate, event: 'view' }, {})).toBe(
      'Share of all enrolled recipients who viewed something in the shop; each counts once.',
    );
  });

  it('shows the texts of filters as they are, quoted', () => {
    const filter = { property: 'campaign', op: 'eq', value: '<b>"x"</b>' } as const;
    expect(told({ ...rate, where: [filter] })).toContain(String.raw`where campaign is "<b>\"x\"</b>" within`);
  });

  it('is another one for every other measure', () => {
    const meaning = (metric: Metric): object => ({
      ...metric,
      key: '',
      title: '',
      role: '',
      direction: '',
      classes: metric.event === 'opened' || metric.event === 'clicked' ? metric.classes : '',
      denominator: metric.denominator && {
        ...metric.denominator,
        classes: /opened|clicked/.test(metric.denominator.event) ? metric.denominator.classes : '',
      },
      // Nothing said is the window of the experiment.
      windowMs: metric.windowMs ?? experiment.windowMs,
    });
    const changes = ['where', 'classes', 'window', 'delay', 'gap', 'maturity', 'cap', 'from'] as const;
    fc.assert(
      fc.property(anyMetricDraft, anyMetricDraft, fc.subarray([...changes]), (one, another, fields) => {
        // One metric and a change of it: two independent ones are never nearly the same.
        const other = fields.reduce((all, field) => ({ ...all, [field]: another[field] }), one);
        fc.pre(metricProblems(other, { currency: 'EUR', hasWindow: true }).length === 0);
        const [a, b] = [toMetric(one, 'EUR'), toMetric(other, 'EUR')];
        const same = describeMetric(a, experiment) === describeMetric(b, experiment);
        if (same) expect(meaning(a)).toEqual(meaning(b));
        else expect(meaning(a)).not.toEqual(meaning(b));
      }),
      { numRuns: 200 },
    );
  });
});

describe('which way is better', () => {
  it.each([
    ['proportion', 'converted', 'increase'],
    ['proportion', 'unsubscribed', 'decrease'],
    ['proportion', 'complained', 'decrease'],
    ['mean', 'bounced', 'decrease'],
    ['ratio', 'clicked', 'increase'],
    ['time_to_event', 'converted', 'decrease'],
    ['time_to_event', 'unsubscribed', 'increase'],
  ] as const)('for %s of %s is plain: %s', (type, event, direction) => {
    expect(directionOf({ type, event })).toBe(direction);
    expect(directionOf({ type, event, direction: 'increase' })).toBe('increase');
    expect(directionOf({ type, event, direction: 'decrease' })).toBe('decrease');
  });

  it('is said by every built-in metric as it would be plain', () => {
    for (const name of builtInNames) {
      const { direction, ...metric } = toMetric(builtInMetrics[name], 'EUR');
      expect(directionOf(metric), name).toBe(direction);
    }
  });
});
