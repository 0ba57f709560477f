import fc from 'fast-check';
import { eventClasses, metricTypes, type Count, type MetricType } from '../../src/experiments/experiment.js';
import type { MetricDraft } from '../../src/experiments/metric-draft.js';

type Event = MetricDraft['event'];
type Filter = NonNullable<MetricDraft['where']>[number];
type Denominator = Exclude<MetricDraft['denominator'], string | undefined>;

const mailEvents: Event[] = ['sent', 'delivered', 'opened', 'clicked', 'converted', 'unsubscribed', 'complained', 'bounced']; // prettier-ignore
const shopEvents: Event[] = ['view', 'cart', 'click', 'purchase'];

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const anyDuration = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom('m', 'h', 'd'))
  .map(([n, unit]) => `${n}${unit}`);
const share = fc.double({ min: 1e-6, max: 0.999, noNaN: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x));

const plainFilter = fc.oneof<fc.Arbitrary<Filter>[]>(
  fc.record({ property: fc.constantFrom('category', 'url', 'tier'), op: fc.constantFrom('eq', 'ne'), value: name }),
  fc.record({ property: fc.constantFrom('value', 'tier'), op: fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte'), value: finite }),
  fc.record({ property: fc.constantFrom('item', 'tier'), op: fc.constant('in'), value: fc.array(name, { minLength: 1, maxLength: 5 }) }),
  fc.record({ property: fc.constant('gift'), op: fc.constant('eq'), value: fc.boolean() }),
  fc.record({ property: name, op: fc.constant('exists') }),
); // prettier-ignore
const historyFilter = fc.record<Filter>({
  property: fc.constantFrom('tier', 'value'),
  op: fc.constantFrom('new', 'above_history', 'has_history'),
});

const countsOf: Record<MetricType, Count[]> = {
  proportion: ['once'],
  mean: ['events', 'messages'],
  money: ['value'],
  ratio: ['once', 'messages', 'events', 'value'],
  retention: ['again'],
  time_to_event: ['minutes'],
};

/** An event that can be counted so, its classes and its conditions. */
function anyMeasure<C extends Count>(count: C, filters: fc.Arbitrary<Filter>) {
  const events: Event[] =
    count === 'value'
      ? ['converted', 'purchase']
      : count === 'messages'
        ? mailEvents
        : [...mailEvents, ...shopEvents];
  return fc.constantFrom(...events).chain((event) => {
    const classed = event === 'opened' || event === 'clicked';
    return fc.record(
      {
        event: fc.constant(event),
        count: fc.constant(count),
        where: fc.array(filters, { minLength: 1, maxLength: 4 }),
        ...(classed && { classes: fc.subarray([...eventClasses], { minLength: 1 }) }),
      },
      { requiredKeys: ['event', 'count'] },
    );
  });
}

/** Any metric that can be declared in an experiment in EUR with a window. */
export const anyMetricDraft: fc.Arbitrary<MetricDraft> = fc
  .constantFrom(...metricTypes)
  .chain((type) => fc.tuple(fc.constant(type), fc.constantFrom(...countsOf[type]), fc.boolean()))
  .chain(([type, count, withCovariate]) => {
    const covariate = withCovariate && count !== 'messages' && count !== 'minutes';
    const filters = covariate ? plainFilter : fc.oneof(plainFilter, historyFilter);
    const below: fc.Arbitrary<Denominator> | undefined =
      type === 'ratio'
        ? fc
            .constantFrom('once' as const, 'messages' as const, 'events' as const, 'value' as const)
            .chain((one) => anyMeasure(one, fc.oneof(plainFilter, historyFilter)))
        : type === 'proportion'
          ? anyMeasure('once', plainFilter)
          : undefined;
    const rest = fc.record(
      {
        key: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
        title: name,
        type: fc.constant(type),
        direction: fc.constantFrom('increase' as const, 'decrease' as const),
        from: fc.constantFrom(
          ...(type === 'time_to_event' ? [] : ['send' as const]),
          'first_send' as const,
          'assignment' as const,
        ),
        window: anyDuration,
        delay: anyDuration,
        maturity: anyDuration,
        ...(below && { denominator: below }),
        ...(type === 'retention' && { gap: anyDuration }),
        ...(covariate && { covariate: fc.record({ window: anyDuration }) }),
        ...(count === 'value' && { cap: fc.constantFrom('250', '0.01', '9999999999999.99', 19.9) }),
        ...((count === 'events' || count === 'messages') && { cap: fc.integer({ min: 1, max: 999 }) }),
      },
      { requiredKeys: type === 'ratio' ? ['key', 'type', 'denominator' as 'key'] : ['key', 'type'] },
    );
    const margin = fc.oneof(fc.record({ relative: share }), fc.record({ absolute: share }));
    return fc
      .tuple(anyMeasure(count, filters), rest, fc.option(margin, { nil: undefined }), fc.boolean())
      .map(([measure, more, allowed, diagnostic]): MetricDraft => {
        const after =
          diagnostic ||
          (more.denominator && !['sent', 'delivered'].includes(more.denominator.event)) === true;
        return {
          ...measure,
          ...more,
          role: after ? 'secondary' : 'guardrail',
          ...(allowed && !after && { margin: allowed }),
          ...(diagnostic && { diagnostic }),
        };
      });
  });
