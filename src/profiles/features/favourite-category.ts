import type { History } from '../history.js';
import type { Feature } from './feature.js';
import { eventsIn } from './window.js';

/** The category bought in most often; of equals the first by name. */
export const favouriteCategoryFeature: Feature = {
  name: 'favourite_category',
  title: 'category bought in most often',
  meaning:
    'The category with the most purchases, of equals the first by name; not known where no purchase has one.',
  isText: true,
  needs: { types: ['purchase'] },
  value: (history, clock) => ranked(history, clock)[0]?.[0],
  changesAt: () => undefined,
  explain: (history, clock) => {
    const found = ranked(history, clock).slice(0, 10);
    return found.length === 0 ? ['there is none'] : found.map(([category, n]) => `${category}: ${n}`);
  },
};

function ranked(history: History, clock: number): [category: string, n: number][] {
  const counts = new Map<string, number>();
  for (const { category } of eventsIn(history, clock, { types: ['purchase'] })) {
    if (category !== undefined) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
