import { eventTypes } from '../../experiments/experiment.js';
import { parseDuration, spellDuration } from '../../experiments/duration.js';
import { countsAsHuman } from '../../profiles/features/human.js';
import { eventsIn } from '../../profiles/features/window.js';
import type { HistoryNeeds } from '../../profiles/history.js';
import type { Column } from './features.js';

const single = /^category_count\((\w+)(?:, ([1-9]\d{0,3}d))?\): (.+)$/su;

/** `category_count(purchase, 90d): shoes`: so many of these events in a category, whatever signs its name is made of. */
export function categoryCount(name: string): Column | undefined {
  const [, type = '', within, category = ''] = single.exec(name) ?? [];
  if (!isCounted(type)) return undefined;
  const windowMs = within === undefined ? undefined : parseDuration(within);
  const looked = { types: [type], category, ...(windowMs !== undefined && { windowMs }) };
  return {
    name,
    title: `${type} events in ${category}${windowMs === undefined ? '' : ` within ${spellDuration(windowMs)}`}`,
    meaning: 'How many events of a type there were in one category, whatever signs its name is made of.',
    unit: 'events',
    type: 'number',
    source: 'behaviour',
    needs: needsOf(type, windowMs),
    value: (history, clock) => eventsIn(history, clock, looked).filter(countsAsHuman).length,
  };
}

export function isCounted(type: string): boolean {
  return (eventTypes as readonly string[]).includes(type) && type !== 'void';
}

export function needsOf(type: string, lookbackMs: number | undefined): HistoryNeeds {
  return { types: [type], ...(lookbackMs !== undefined && { lookbackMs }) };
}
