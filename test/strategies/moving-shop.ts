import { seededRandom } from '../../src/evaluation/random.js';
import type { Behaviour, History } from '../../src/profiles/history.js';
import type { LearningLog } from '../../src/strategies/strategy.js';

/** A shop over time whose recipients come and go, each of one of two tastes, which changes on a day or does not. */

export const day = 86_400_000;
/** Models are learned at it. */
export const learning = Date.parse('2024-05-06T00:00:00Z');
export const daysLater = (days: number): Date => new Date(learning + days * day);

export interface MovingShop {
  readonly seed: string;
  /** Who do something in a fortnight, about. */
  readonly active: number;
  readonly items: number;
  /** 0: all items are liked alike; 1: the second half as much as the first. */
  readonly skew: number;
  /** Things that a recipient does in a fortnight, at most; 6 unless said. */
  readonly most?: number;
  /** What is done instead of something with an item from the learning on; `draw` is from 0 to 1. */
  readonly later?: (item: string, draw: number) => string;
}

const daysBefore = 84;
const daysAfter = 98;
/** Recipients are there for so long. */
const stay = 300;

/** By recipient key, until 98 days after the learning. */
export function historiesOf(shop: MovingShop): Map<string, History> {
  const random = seededRandom(`shop ${shop.seed}`);
  const draw = drawer(shop);
  // Recipients who are there at one moment or other, of whom two in three do something in a fortnight.
  const days = daysBefore + daysAfter;
  const pool = Math.round((1.5 * shop.active * (days + stay)) / stay);
  const histories = new Map<string, History>();
  for (let r = 0; r < pool; r++) {
    const from = -daysBefore - stay + random.next() * (days + stay);
    const taste = random.below(2);
    const history: Behaviour[] = [];
    for (let fortnight = -daysBefore; fortnight < daysAfter; fortnight += 14) {
      if (random.next() > 2 / 3) continue;
      for (let n = random.below(shop.most ?? 6); n >= 0; n--) {
        const at = fortnight + random.next() * 14;
        const item = draw(random.next(), taste, at, random.next());
        if (at >= from && at < from + stay) history.push(eventOf(item, at, `${r} ${n} ${fortnight}`));
      }
    }
    if (history.length > 0) histories.set(`r${String(r).padStart(6, '0')}`, history.sort((a, b) => a.at - b.at));
  } // prettier-ignore
  return histories;
}

const eventOf = (item: string, at: number, id: string): Behaviour => ({
  ...{ id, type: 'view', item },
  at: Math.round(learning + at * day),
});

type Draw = (rank: number, taste: number, at: number, chance: number) => string;

function drawer({ items, skew, later }: MovingShop): Draw {
  const weights = Array.from({ length: items }, (_, i) => 1 / (i + 1) ** skew);
  const total = weights.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  const ends = weights.map((one) => (sum += one) / total);
  return (rank, taste, at, chance) => {
    const place = Math.max(0, ends.findIndex((end) => rank < end));
    // Each taste likes most what the other likes least.
    const item = `i${taste === 0 ? place : items - 1 - place}`;
    return at >= 0 && later ? later(item, chance) : item;
  }; // prettier-ignore
}

/** What was known at a moment, of a catalogue with all items that there were at the learning. */
export function logAt(histories: ReadonlyMap<string, History>, items: number, clock: Date): LearningLog {
  const known = [...histories].map(([key, history]) => [key, history.filter(({ at }) => at < clock.getTime())] as const); // prettier-ignore
  return {
    histories: new Map(known.filter(([, history]) => history.length > 0)),
    catalogue: { hash: '', items: Array.from({ length: items }, (_, i) => ({ id: `i${i}` })) },
    traits: new Map(),
    trials: new Map(),
  };
}
