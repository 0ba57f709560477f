import type { Behaviour, History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { eventsIn } from './window.js';

/** What tells something about somebody's taste. */
const types = ['view', 'cart', 'click', 'purchase', 'opened', 'clicked'];

const found = (history: History, clock: number): Behaviour[] =>
  eventsIn(history, clock, { types }).filter(countsAsHuman);

export const sparsityBands = ['0', '1-4', '5-19', '20+'] as const;
export type SparsityBand = (typeof sparsityBands)[number];

/** How much there is to learn from, in the bands that recommenders are judged in. */
export function sparsityBand(interactions: number): SparsityBand {
  if (interactions >= 20) return '20+';
  if (interactions >= 5) return '5-19';
  return interactions >= 1 ? '1-4' : '0';
}

export const interactionsFeature: Feature = {
  name: 'interactions',
  title: 'interactions so far: views, carts, clicks, purchases and opens by humans',
  meaning: 'How much a taste can be learned from. What machines opened or clicked is left out.',
  unit: 'events',
  needs: { types },
  value: (history, clock) => found(history, clock).length,
  changesAt: () => undefined,
  explain: (history, clock) => {
    const events = found(history, clock);
    const counted = types.map(
      (type) => [type, events.filter((event) => event.type === type).length] as const,
    );
    const lines = counted.filter(([, n]) => n > 0).map(([type, n]) => `${type}: ${n}`);
    return lines.length === 0 ? ['there is none'] : lines;
  },
};

export const sparsityFeature: Feature = {
  name: 'sparsity',
  title: 'band of interactions so far',
  meaning: 'How many interactions there were, in the bands by which recommenders are judged.',
  values: sparsityBands,
  needs: { types },
  value: (history, clock) => sparsityBand(found(history, clock).length),
  changesAt: () => undefined,
  explain: (history, clock) => [`${found(history, clock).length} interactions`],
};
