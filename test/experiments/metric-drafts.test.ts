import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import type { Metric } from '../../src/experiments/experiment.js';
import { metricAsDraft } from '../../src/experiments/metric-as-draft.js';
import { metricProblems } from '../../src/experiments/metric-problems.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { toExperiment } from '../../src/experiments/to-experiment.js';
import { toMetric } from '../../src/experiments/to-metric.js';
import { anyMetricDraft } from './any-metric.js';

const day = 86_400_000;

function parsed(metrics: unknown[], change: object = {}) {
  return parseDraft({ ...exampleDraft, metrics, ...change });
}

/** The problems of a draft with one more metric, as `path: message`. */
function problemsWith(metric: unknown, change: object = {}): string[] {
  const result = parsed([metric], change);
  return result.ok ? [] : result.problems.map((one) => `${one.path}: ${one.message}`);
}

function metricOf(metric: unknown, change: object = {}): Metric {
  const result = parsed([metric], change);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return toExperiment(result.value, { salt: 's', strategyHash: () => 'sha256:x' }).metrics[0]!;
}

const rate = { key: 'm', type: 'proportion', event: 'converted' };
const mean = { ...rate, type: 'mean' };
const money = { ...rate, type: 'money' };
const ratio = { ...rate, type: 'ratio', count: 'value', denominator: 'delivered' };
const again = { ...rate, type: 'retention' };
const time = { ...rate, type: 'time_to_event' };
const where = (...filters: object[]) => ({ ...rate, where: filters });

describe('a declared metric', () => {
  it.each([
    [rate, 'once', 'send'],
    [mean, 'events', 'send'],
    [{ ...mean, count: 'messages' }, 'messages', 'send'],
    [money, 'value', 'send'],
    [{ ...ratio, count: 'once' }, 'once', 'send'],
    [again, 'again', 'first_send'],
    [time, 'minutes', 'first_send'],
    [{ ...rate, from: 'assignment' }, 'once', 'assignment'],
  ])('%j counts %s from %s', (metric, count, from) => {
    expect(metricOf(metric)).toMatchObject({ count, from, classes: ['human', 'unknown'], role: 'secondary' });
  });

  it('keeps everything that was declared, in milliseconds and integer units', () => {
    const filter = { property: 'category', op: 'in', value: ['a', 'b'] };
    expect(
      metricOf({
        ...money,
        title: '<b>Spend</b> & more',
        role: 'guardrail',
        direction: 'increase',
        where: [filter],
        window: '30d',
        delay: '90m',
        maturity: '2d',
        cap: '250.00',
        margin: { relative: 0.05 },
        covariate: { window: '90d' },
      }),
    ).toEqual({
      key: 'm',
      title: '<b>Spend</b> & more',
      type: 'money',
      event: 'converted',
      classes: ['human', 'unknown'],
      where: [filter],
      count: 'value',
      role: 'guardrail',
      direction: 'increase',
      from: 'send',
      windowMs: 30 * day,
      delayMs: 5_400_000,
      gapMs: undefined,
      cap: 25_000,
      margin: { kind: 'relative', size: 0.05 },
      covariateMs: 90 * day,
      maturityMs: 2 * day,
    });
    expect(metricOf({ ...again, gap: '36h' }).gapMs).toBe(1.5 * day);
  });

  it.each([
    ['EUR', '250', 25_000],
    ['EUR', 19.9, 1_990],
    ['JPY', '250', 250],
    ['KWD', '0.001', 1],
    ['EUR', '9999999999999.99', 999_999_999_999_999],
  ])('has a cap in minor units of %s for %j', (currency, cap, units) => {
    expect(metricOf({ ...money, cap }, { currency }).cap).toBe(units);
  });

  it('takes stations and measures as denominators', () => {
    const classes = ['human', 'unknown'];
    for (const station of ['sent', 'delivered', 'opened', 'clicked', 'converted']) {
      expect(metricOf({ ...ratio, denominator: station }).denominator).toEqual({ event: station, classes, count: 'once' }); // prettier-ignore
    }
    const denominator = { event: 'opened', classes: ['human'], where: [{ property: 'x', op: 'exists' }], count: 'messages' }; // prettier-ignore
    expect(metricOf({ ...ratio, denominator }).denominator).toEqual(denominator);
    expect(metricOf({ ...rate, denominator: 'assigned' }).denominator).toBeUndefined();
  });

  it('is diagnostic by itself when its denominator is measured after the delivery', () => {
    const diagnostic = (metric: object) => metricOf(metric).diagnostic;
    expect(diagnostic(rate)).toBeUndefined();
    expect(diagnostic({ ...rate, diagnostic: true })).toBe(true);
    expect(diagnostic({ ...ratio, denominator: 'sent' })).toBeUndefined();
    expect(diagnostic({ ...ratio, denominator: { event: 'delivered', count: 'messages' } })).toBeUndefined();
    expect(diagnostic({ ...ratio, denominator: 'opened' })).toBe(true);
    expect(diagnostic({ ...rate, denominator: 'clicked' })).toBe(true);
    expect(diagnostic({ ...ratio, denominator: { event: 'cart', count: 'events' } })).toBe(true);
  });

  it('is fine with everything that any-metric makes, and the same after being written as a draft again', () => {
    fc.assert(
      fc.property(anyMetricDraft, (draft) => {
        expect(metricProblems(draft, { currency: 'EUR', hasWindow: true })).toEqual([]);
        const metric = toMetric(draft, 'EUR');
        const copy = parsed([metricAsDraft(metric, 'EUR')]);
        expect(copy).toMatchObject({ ok: true });
        if (copy.ok) expect(toMetric(copy.value.metrics[0]!, 'EUR')).toEqual(metric);
      }),
    );
  });
});

describe('a metric is refused, saying where and how to mend it,', () => {
  const mistakes: [string, object, string | RegExp, object?][] = [
    ['with a field that is not known', { ...rate, windw: '3d' }, /^metrics\[0\]: has "windw"/],
    ['of an unknown type', { ...rate, type: 'sum' }, /^metrics\[0\]\.type: /],
    ['without an event', { key: 'm', type: 'mean' }, /^metrics\[0\]\.event: must be sent, delivered/],
    ['of refunds', { ...rate, event: 'refund' }, /^metrics\[0\]\.event: .* takes away/],
    ['of voids', { ...rate, event: 'void' }, /^metrics\[0\]\.event: .* takes away/],
    ['with the key of the funnel', { ...rate, key: '@sent' }, /^metrics\[0\]\.key: /],
    ['with NUL in its title', { ...rate, title: 'a\0b' }, /^metrics\[0\]\.title: .*U\+0000/],
    ['with a count of another type', { ...rate, count: 'value' }, 'metrics[0].count: a metric of type proportion counts once, not value; change count or type'],
    ['as a ratio of nobody knows what', { ...ratio, count: undefined }, /^metrics\[0\]\.count: say what stands above the line/],
    ['of money from clicks', { ...money, event: 'clicked' }, 'metrics[0].event: only converted and purchase events carry money'],
    ['of money under the line from clicks', { ...ratio, denominator: { event: 'clicked', count: 'value' } }, /^metrics\[0\]\.denominator\.event: only converted/],
    ['of messages in the shop', { ...mean, event: 'cart', count: 'messages' }, /^metrics\[0\]\.count: a cart belongs to no message/],
    ['with classes of a conversion', { ...rate, classes: ['human'] }, 'metrics[0].classes: only opened and clicked events carry a class'],
    ['with classes of a click in the shop', { ...rate, event: 'click', classes: ['human'] }, /^metrics\[0\]\.classes: /],
    ['with classes of a conversion under the line', { ...ratio, denominator: { event: 'converted', classes: ['human'], count: 'once' } }, /^metrics\[0\]\.denominator\.classes: /],
    ['with a class that there is not', { ...rate, event: 'opened', classes: ['robot'] }, /^metrics\[0\]\.classes\[0\]: /],
    ['as a ratio without a denominator', { ...ratio, denominator: undefined }, /^metrics\[0\]\.denominator: a ratio needs a denominator/],
    ['as a ratio over everybody', { ...ratio, denominator: 'assigned' }, /^metrics\[0\]\.denominator: a ratio needs a denominator/],
    ['as money over the delivered', { ...money, denominator: 'delivered' }, /^metrics\[0\]\.denominator: .* make it a ratio/],
    ['as a mean over the delivered', { ...mean, denominator: 'delivered' }, /^metrics\[0\]\.denominator: .* make it a ratio/],
    ['as retention over converters', { ...again, denominator: 'converted' }, /^metrics\[0\]\.denominator: /],
    ['as time over the delivered', { ...time, denominator: 'delivered' }, /^metrics\[0\]\.denominator: /],
    ['as a share of messages', { ...rate, denominator: { event: 'delivered', count: 'messages' } }, /^metrics\[0\]\.denominator\.count: .* count once here/],
    ['over a station that there is not', { ...rate, denominator: 'bounced' }, /^metrics\[0\]\.denominator: must be assigned, sent/],
    ['with a denominator that counts nothing', { ...ratio, denominator: { event: 'opened' } }, /^metrics\[0\]\.denominator\.count: /],
    ['as time without a window', time, /^metrics\[0\]\.window: needs a window/, { window: undefined }],
    ['as time from several sends', { ...time, from: 'send' }, /^metrics\[0\]\.from: time has one beginning/],
    ['with a gap in a mean', { ...mean, gap: '1d' }, /^metrics\[0\]\.gap: only retention/],
    ['with a gap below 0', { ...again, gap: '-1d' }, /^metrics\[0\]\.gap: write a duration/],
    ['with a window from nowhere', { ...rate, from: 'open' }, /^metrics\[0\]\.from: /],
    ['with a cap on a proportion', { ...rate, cap: 1 }, /^metrics\[0\]\.cap: .* at most 1 already/],
    ['with a cap on time', { ...time, cap: 5 }, /^metrics\[0\]\.cap: .* the window already/],
    ['with half an event as cap', { ...mean, cap: 1.5 }, /^metrics\[0\]\.cap: must be a whole number/],
    ['with a tenth of a cent as cap', { ...money, cap: '1.999' }, /^metrics\[0\]\.cap: .*EUR.* no more digits/],
    ['with a cap of 1e308', { ...money, cap: 1e308 }, /^metrics\[0\]\.cap: /],
    ['with a cap of 1e308 events', { ...mean, cap: 1e308 }, /^metrics\[0\]\.cap: /],
    ['with a cap beyond the largest amount', { ...money, cap: '10000000000000' }, /^metrics\[0\]\.cap: /],
    ['with a negative cap', { ...money, cap: -5 }, /^metrics\[0\]\.cap: /],
    ['with a cap of nothing', { ...money, cap: '0.00' }, /^metrics\[0\]\.cap: /],
    ['with a cap that is no number', { ...money, cap: '<script>' }, /^metrics\[0\]\.cap: /],
    ['with a cap that is a list', { ...money, cap: [1] }, /^metrics\[0\]\.cap: must be an amount/],
    ['with a margin though it is no guardrail', { ...rate, margin: { relative: 0.1 } }, /^metrics\[0\]\.margin: only a guardrail/],
    ['with two margins', { ...rate, role: 'guardrail', margin: { relative: 0.1, absolute: 0.1 } }, /^metrics\[0\]\.margin: /],
    ['with no margin in the margin', { ...rate, role: 'guardrail', margin: {} }, /^metrics\[0\]\.margin\.relative: is missing/],
    ['with a negative margin', { ...rate, role: 'guardrail', margin: { relative: -0.1 } }, /^metrics\[0\]\.margin\.relative: /],
    ['with a margin of a whole rate', { ...rate, role: 'guardrail', margin: { absolute: 1 } }, /^metrics\[0\]\.margin\.absolute: a share cannot/],
    ['with a covariate of messages', { ...mean, count: 'messages', covariate: { window: '9d' } }, /^metrics\[0\]\.covariate: /],
    ['with a covariate of minutes', { ...time, covariate: { window: '9d' } }, /^metrics\[0\]\.covariate: /],
    ['with a covariate of what is new', { ...where({ property: 'category', op: 'new' }), covariate: { window: '9d' } }, /^metrics\[0\]\.covariate: .*history/],
    ['with a covariate without a length', { ...rate, covariate: {} }, /^metrics\[0\]\.covariate\.window: is missing/],
    ['as primary though it is diagnostic', { ...rate, diagnostic: true, role: 'primary' }, /^metrics\[0\]\.role: a diagnostic metric decides nothing/],
    ['as guardrail though it is diagnostic', { ...ratio, denominator: 'opened', role: 'guardrail' }, /^metrics\[0\]\.role: a diagnostic metric/],
    ['as not diagnostic though it is', { ...ratio, denominator: 'opened', diagnostic: false }, /^metrics\[0\]\.diagnostic: /],
    ['with 11 filters', where(...Array.from({ length: 11 }, () => ({ property: 'x', op: 'exists' }))), /^metrics\[0\]\.where: /],
    ['with an unknown op', where({ property: 'x', op: 'like', value: 'y' }), /^metrics\[0\]\.where\[0\]\.op: /],
    ['with an op without its value', where({ property: 'x', op: 'eq' }), /^metrics\[0\]\.where\[0\]\.value: eq on x needs a text, a number/],
    ['with a value that nobody asked for', where({ property: 'x', op: 'exists', value: 1 }), /^metrics\[0\]\.where\[0\]\.value: exists needs no value/],
    ['with an order of categories', where({ property: 'category', op: 'gt', value: 'a' }), /^metrics\[0\]\.where\[0\]\.op: category is a text/],
    ['with a category above its history', where({ property: 'category', op: 'above_history' }), /^metrics\[0\]\.where\[0\]\.op: category is a text/],
    ['with a number as category', where({ property: 'category', op: 'eq', value: 3 }), /^metrics\[0\]\.where\[0\]\.value: .* a text/],
    ['with a text as value', where({ property: 'value', op: 'gte', value: '50' }), /^metrics\[0\]\.where\[0\]\.value: gte on value needs a number/],
    ['with texts as values', where({ property: 'value', op: 'in', value: [50, '60'] }), /^metrics\[0\]\.where\[0\]\.value: .* a list of numbers/],
    ['with one thing for in', where({ property: 'x', op: 'in', value: 'y' }), /^metrics\[0\]\.where\[0\]\.value: .* a list/],
    ['with a list for eq', where({ property: 'x', op: 'eq', value: ['y'] }), /^metrics\[0\]\.where\[0\]\.value: eq on x/],
    ['with an empty list', where({ property: 'x', op: 'in', value: [] }), /^metrics\[0\]\.where\[0\]\.value: /],
    ['with truth above falsehood', where({ property: 'x', op: 'gt', value: true }), /^metrics\[0\]\.where\[0\]\.value: gt on x/],
    ['with a filter on nothing', where({ property: '', op: 'exists' }), /^metrics\[0\]\.where\[0\]\.property: /],
    ['with a broken text', where({ property: 'x', op: 'eq', value: '\ud800' }), /^metrics\[0\]\.where\[0\]\.value: /],
    ['with a wrong filter under the line', { ...ratio, denominator: { event: 'cart', count: 'events', where: [{ property: 'x', op: 'eq' }] } }, /^metrics\[0\]\.denominator\.where\[0\]\.value: /],
    ['as a number', 5 as unknown as object, /^metrics\[0\]: must be a metric that is written out, or the name/],
    ['as an unknown name', 'conversions' as unknown as object, /^metrics\[0\]: .*conversion, revenue/],
    ['as a prototype', 'constructor' as unknown as object, /^metrics\[0\]: /],
    ['as a change of an unknown one', { use: 'sales' }, /^metrics\[0\]\.use: .*conversion, revenue/],
    ['as a change of its type', { use: 'revenue', type: 'mean' }, /^metrics\[0\]: has "type"/],
    ['as a change that does not fit', { use: 'click_to_open', role: 'primary' }, /^metrics\[0\]\.role: a diagnostic/],
    ['as a change with a wrong cap', { use: 'revenue', cap: '1,50' }, /^metrics\[0\]\.cap: /],
    ['as money without a currency', money, 'currency: a money metric needs a currency, such as "EUR"', { currency: undefined }],
    ['as a ratio with money below without a currency', { ...ratio, count: 'once', denominator: { event: 'purchase', count: 'value' } }, /^currency: /, { currency: undefined }],
    ['with a filter on money without a currency', where({ property: 'value', op: 'gt', value: 1 }), /^currency: /, { currency: undefined }],
  ]; // prettier-ignore
  it.each(mistakes)('%s', (_, metric, expected, change) => {
    const problems = problemsWith(metric, change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it('twice under one key, also where the key is that of a built-in one', () => {
    const result = parsed(['click', { ...rate, key: 'click' }, { use: 'click', key: 'other' }]);
    expect(result).toMatchObject({ ok: false, problems: [{ path: 'metrics[1]' }] });
  });

  it('among more than thirty', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => ({ ...rate, key: `m${i}` }));
    expect(parsed(many(30)).ok).toBe(true);
    expect(parsed(many(31))).toMatchObject({ ok: false, problems: [{ path: 'metrics' }] });
    expect(parsed([])).toMatchObject({ ok: false, problems: [{ path: 'metrics' }] });
  });

  it('all at once', () => {
    const problems = problemsWith({
      ...mean,
      denominator: 'sent',
      gap: '1d',
      cap: -1,
      margin: { relative: 1 },
    });
    expect(problems.map((one) => one.split(':')[0])).toEqual(
      ['denominator', 'gap', 'cap', 'margin'].map((path) => `metrics[0].${path}`),
    );
  });
});
