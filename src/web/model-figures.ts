import type { Measure } from '../strategies/model-report.js';
import { shownText } from './shown-text.js';
import { shownTime } from './shown-time.js';

/** How pages about models write what is in them. */

const longText = 600;
export const text = (given: string): string => shownText(given, longText);
export const number = (value: number): string => (value === 0 ? '0' : String(Number(value.toPrecision(4))));
export const count = (value: number): string => value.toLocaleString('en');
export const time = (iso: string) => ({ iso, text: shownTime(new Date(iso)) });

/** A figure with its interval, or why there is none. */
export function measureView(measure: Measure) {
  const { name, definition } = measure;
  if ('refused' in measure)
    return { name: text(name), definition: text(definition), reason: text(measure.reason) };
  const { value, interval, higherIsBetter, target } = measure;
  return {
    ...{ name: text(name), definition: text(definition), value: number(value) },
    interval: interval && `${number(interval[0])} to ${number(interval[1])}`,
    // With a target the definition says what is best.
    better: target === undefined ? (higherIsBetter ? 'higher is better' : 'lower is better') : undefined,
  };
}
