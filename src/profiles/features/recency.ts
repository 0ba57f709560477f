import type { Behaviour, History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { dayOf, eventsIn, nextWholeDay, wholeDays } from './window.js';

/** Whole days since the last event of a type; undefined where there is none. */
function daysSince(name: string, title: string, type: string): Feature {
  const last = (history: History, clock: number): Behaviour | undefined =>
    eventsIn(history, clock, { types: [type] })
      .filter(countsAsHuman)
      .at(-1);
  return {
    name,
    title,
    needs: { types: [type] },
    value: (history, clock) => {
      const event = last(history, clock);
      return event && wholeDays(event.at, clock);
    },
    changesAt: (history, clock) => {
      const event = last(history, clock);
      return event && nextWholeDay(event.at, clock);
    },
    explain: (history, clock) => {
      const event = last(history, clock);
      return [event ? `the last one was on ${dayOf(event.at)}` : 'there is none'];
    },
  };
}

export const recencyFeature = daysSince('recency_days', 'days since the last purchase', 'purchase');
export const lastOpenFeature = daysSince('last_open_days', 'days since a human last opened a mail', 'opened');
export const lastClickFeature = daysSince(
  'last_click_days',
  'days since a human last clicked in a mail',
  'clicked',
);

const orders = (history: History, clock: number): Behaviour[] =>
  eventsIn(history, clock, { types: ['purchase'] });

export const frequencyFeature: Feature = {
  name: 'frequency',
  title: 'orders so far',
  needs: { types: ['purchase'] },
  value: (history, clock) => orders(history, clock).length,
  changesAt: () => undefined,
  explain: (history, clock) => {
    const found = orders(history, clock);
    const [first] = found;
    return [first ? `${found.length} since ${dayOf(first.at)}` : 'there is none'];
  },
};

/** Whole days since the first purchase. */
export const tenureFeature: Feature = {
  name: 'tenure_days',
  title: 'days since the first purchase',
  needs: { types: ['purchase'] },
  value: (history, clock) => {
    const [first] = orders(history, clock);
    return first && wholeDays(first.at, clock);
  },
  changesAt: (history, clock) => {
    const [first] = orders(history, clock);
    return first && nextWholeDay(first.at, clock);
  },
  explain: (history, clock) => {
    const [first] = orders(history, clock);
    return [first ? `the first one was on ${dayOf(first.at)}` : 'there is none'];
  },
};
