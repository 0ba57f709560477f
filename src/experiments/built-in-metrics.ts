import type { MetricDraft, MetricInput } from './metric-draft.js';

export const builtInNames = [
  'delivered',
  'open',
  'open_raw',
  'click',
  'click_to_open',
  'conversion',
  'revenue',
  'average_order',
  'unsubscribe',
  'complaint',
  'bounce',
  'repeat_purchase',
  'new_category_orders',
  'higher_tier_orders',
  'lifetime_value',
] as const;
export type BuiltInName = (typeof builtInNames)[number];

/**
 * The usual measures of an e-mail experiment, written as anybody could write them. Orders are `converted` events, which a
 * `purchase` implies; so a shop that reports either has the same metrics.
 */
export const builtInMetrics: Readonly<Record<BuiltInName, MetricDraft>> = {
  delivered: {
    key: 'delivered',
    title: 'Delivered',
    type: 'proportion',
    event: 'delivered',
    role: 'secondary',
    direction: 'increase',
  },
  open: {
    key: 'open',
    title: 'Opened',
    type: 'proportion',
    event: 'opened',
    classes: ['human'],
    denominator: 'delivered',
    role: 'secondary',
    direction: 'increase',
  },
  open_raw: {
    key: 'open_raw',
    title: 'Opened, machines included',
    type: 'proportion',
    event: 'opened',
    classes: ['human', 'privacy_proxy', 'scanner', 'unknown'],
    denominator: 'delivered',
    role: 'secondary',
    direction: 'increase',
  },
  // Not the suspects: privacy proxies and scanners follow links too.
  click: {
    key: 'click',
    title: 'Clicked',
    type: 'proportion',
    event: 'clicked',
    classes: ['human', 'unknown'],
    denominator: 'delivered',
    role: 'secondary',
    direction: 'increase',
  },
  click_to_open: {
    key: 'click_to_open',
    title: 'Clicks among openers',
    type: 'ratio',
    event: 'clicked',
    classes: ['human', 'unknown'],
    count: 'once',
    denominator: { event: 'opened', classes: ['human', 'unknown'], count: 'once' },
    role: 'secondary',
    direction: 'increase',
    diagnostic: true,
  },
  conversion: {
    key: 'conversion',
    title: 'Converted',
    type: 'proportion',
    event: 'converted',
    role: 'secondary',
    direction: 'increase',
  },
  revenue: {
    key: 'revenue',
    title: 'Revenue per recipient',
    type: 'money',
    event: 'converted',
    role: 'secondary',
    direction: 'increase',
  },
  average_order: {
    key: 'average_order',
    title: 'Average order',
    type: 'ratio',
    event: 'converted',
    count: 'value',
    denominator: { event: 'converted', count: 'events' },
    role: 'secondary',
    direction: 'increase',
    diagnostic: true,
  },
  unsubscribe: {
    key: 'unsubscribe',
    title: 'Unsubscribed',
    type: 'proportion',
    event: 'unsubscribed',
    role: 'guardrail',
    direction: 'decrease',
  },
  complaint: {
    key: 'complaint',
    title: 'Complained',
    type: 'proportion',
    event: 'complained',
    role: 'guardrail',
    direction: 'decrease',
  },
  bounce: {
    key: 'bounce',
    title: 'Bounced',
    type: 'proportion',
    event: 'bounced',
    role: 'guardrail',
    direction: 'decrease',
  },
  // The gap keeps one purchase that the shop reports in two orders from being a return.
  repeat_purchase: {
    key: 'repeat_purchase',
    title: 'Ordered again',
    type: 'retention',
    event: 'converted',
    gap: '1d',
    role: 'secondary',
    direction: 'increase',
  },
  new_category_orders: {
    key: 'new_category_orders',
    title: 'Share of orders in a new category',
    type: 'ratio',
    event: 'converted',
    count: 'events',
    where: [{ property: 'category', op: 'new' }],
    denominator: {
      event: 'converted',
      count: 'events',
      where: [
        { property: 'category', op: 'exists' },
        { property: 'category', op: 'has_history' },
      ],
    },
    role: 'secondary',
    direction: 'increase',
    diagnostic: true,
  },
  higher_tier_orders: {
    key: 'higher_tier_orders',
    title: 'Share of orders in a higher price tier',
    type: 'ratio',
    event: 'converted',
    count: 'events',
    where: [{ property: 'price_tier', op: 'above_history' }],
    denominator: {
      event: 'converted',
      count: 'events',
      where: [
        { property: 'price_tier', op: 'exists' },
        { property: 'price_tier', op: 'has_history' },
      ],
    },
    role: 'secondary',
    direction: 'increase',
    diagnostic: true,
  },
  lifetime_value: {
    key: 'lifetime_value',
    title: 'Lifetime value',
    type: 'money',
    event: 'converted',
    from: 'assignment',
    window: '180d',
    role: 'secondary',
    direction: 'increase',
  },
};

/** A metric written out, whichever of the three ways it was given in. */
export function writeOutMetric(input: MetricInput): MetricDraft {
  if (typeof input === 'string') return builtInMetrics[input];
  if (!('use' in input)) return input;
  const { use, ...changes } = input;
  return { ...builtInMetrics[use], ...changes };
}
