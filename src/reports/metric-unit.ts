import type { MetricType } from '../experiments/experiment.js';

/** How the level of a metric is written: as a percentage, a plain number, an amount of money, or a time. */
export const metricUnits = ['share', 'number', 'money', 'minutes'] as const;
export type MetricUnit = (typeof metricUnits)[number];

/** The unit that was given, or the one that the type stands for. */
export function unitOf({ type, unit, currency }: Unitless): MetricUnit {
  if (unit !== undefined) return unit;
  switch (type) {
    case 'proportion':
    case 'retention':
      return 'share';
    case 'money':
      return 'money';
    case 'time_to_event':
      return 'minutes';
    case 'ratio':
      return currency === undefined ? 'number' : 'money';
    case 'mean':
      return 'number';
  }
}

interface Unitless {
  readonly type: MetricType;
  readonly unit?: MetricUnit;
  readonly currency?: string;
}

/** Whether the outcome of a recipient is yes or no. */
export function isRate({ type }: { readonly type: MetricType }): boolean {
  return type === 'proportion' || type === 'retention';
}
