import type { Behaviour, History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { dayOf, eventsIn, nextWholeDay, wholeDays } from './window.js';

/** Whole days since the last event of a type; undefined where there is none. */
function daysSince(name: string, title: string, meaning: string, type: string): Feature {
  const last = (history: History, clock: number): Behaviour | undefined =>
    eventsIn(history, clock, { types: [type] })
      .filter(countsAsHuman)
      .at(-1);
  return {
    name,
    title,
    meaning,
    unit: 'days',
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

export const recencyFeature = daysSince(
  'recency_days',
  'days since the last purchase',
  'Whole days since the last purchase; not known of somebody who never bought.',
  'purchase',
);
export const lastOpenFeature = daysSince(
  'last_open_days',
  'days since a human last opened a mail',
  'Whole days since the last open that is known to be by a human; not known where there was none.',
  'opened',
);
export const lastClickFeature = daysSince(
  'last_click_days',
  'days since a human last clicked in a mail',
  'Whole days since the last click that no machine is known to be behind; not known where there was none.',
  'clicked',
);

const orders = (history: History, clock: number): Behaviour[] =>
  eventsIn(history, clock, { types: ['purchase'] });

export const frequencyFeature: Feature = {
  name: 'frequency',
  title: 'orders so far',
  meaning: 'How many purchases there were, whatever went back; 0 for somebody who never bought.',
  unit: 'orders',
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
  meaning: 'Whole days since the first purchase: for how long somebody has been a customer.',
  unit: 'days',
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
