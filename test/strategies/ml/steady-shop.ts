import type { Behaviour, History } from '../../../src/profiles/history.js';
import type { KnownTraits, LearningLog } from '../../../src/strategies/strategy.js';
import { seededRandom } from '../../../src/evaluation/random.js';

const day = 86_400_000;

/** How a shop changes from a moment on. */
export interface Change {
  readonly at: number;
  /** So much longer between two purchases: 2 doubles recency and halves conversion. */
  readonly slower?: number;
  /** Everybody who comes from then on lives there. */
  readonly country?: string;
}

/**
 * A shop in which nothing changes but who its customers are: they come at an even rate, buy by a rhythm of their own as long
 * as they stay, and go, half of them within three months. It has been so for two years before the clock. Some say their plan
 * anew now and then.
 */
export function steadyShop(recipients: number, seed: string, clock: Date, change?: Change): LearningLog {
  const histories = new Map<string, History>();
  const traits = new Map<string, KnownTraits>();
  const until = clock.getTime();
  for (let r = 0; r < recipients; r++) {
    // Each recipient has chance of their own: a shop that is seen later has the same ones, and what they did.
    const random = seededRandom(`${seed} ${r}`);
    const wait = (mean: number): number => -Math.log(1 - random.next()) * mean * day;
    const came = epoch + random.next() * span;
    const left = came + wait(130);
    const category = random.next() < 0.5 ? 'shoes' : 'books';
    const rhythm = random.next() < 0.4 ? 8 : 40;
    const history: Behaviour[] = [];
    for (let at = came; at < Math.min(left, until);) {
      history.push(...boughtAt(Math.round(at), category, `r${r}-${history.length}`, random.next()));
      at = stretched(at, at + wait(rhythm), change);
    }
    if (came >= until) continue;
    const key = `r_${String(r).padStart(5, '0')}`;
    histories.set(key, history);
    const said = came + Math.floor((random.next() * (until - came)) / day) * day;
    const home = random.next() < 0.6 ? 'DE' : 'FR';
    const country = change?.country !== undefined && came >= change.at ? change.country : home;
    traits.set(key, {
      plan: { value: rhythm < 20 ? 'gold' : 'basic', at: said },
      country: { value: country, at: came },
    });
  }
  return { histories, traits, trials: new Map(), catalogue: { hash: 'sha256:none', items: [] } };
}

/** Recipients come from here on, for longer than any test looks. */
const epoch = Date.parse('2022-01-01T00:00:00Z');
const span = 1_100 * day;

/** The part of a wait that lies after the change takes longer. */
function stretched(from: number, to: number, change?: Change): number {
  if (!change || to <= change.at) return to;
  const begin = Math.max(from, change.at);
  return begin + (to - begin) * (change.slower ?? 1);
}

function boughtAt(at: number, taste: string, id: string, chance: number): Behaviour[] {
  const other = taste === 'shoes' ? 'books' : 'shoes';
  const category = chance < 0.15 ? other : taste;
  const one = { item: `${category}-1`, category };
  return [
    { id: `${id}-v`, type: 'view', at: at - 1_000, ...one },
    { id: `${id}-p`, type: 'purchase', at, ...one, value: 1_990, currency: 'EUR' },
  ];
}
