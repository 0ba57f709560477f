import { seededRandom } from '../../evaluation/random.js';
import type { History } from '../../profiles/history.js';
import type { Ids } from '../candidates.js';
import { type CollaborativeDefinition, msOf, rulesOf } from './definition.js';
import { excludedItems } from './excluded-items.js';
import { type InteractionRules, worthByItem } from './interactions.js';
import type { Interaction } from './matrix.js';

/** Somebody with something in the hold-out that may be recommended to them. */
export interface HeldOut {
  readonly recipient: string;
  /** What was known of them when the hold-out began, by item. */
  readonly worths: ReadonlyMap<string, number>;
  /** What is not recommended to them any more. */
  readonly excluded: ReadonlySet<string>;
  /** What they did something with then, and was not excluded. */
  readonly relevant: ReadonlySet<string>;
}

export interface Split {
  readonly kind: 'time' | 'random';
  readonly note: string;
  /** Milliseconds since 1970. What is learned from is as of `until`, from `from` on. */
  readonly from: number;
  readonly until: number;
  readonly learn: readonly Interaction[];
  /** In the order of the recipients. */
  readonly heldOut: readonly HeldOut[];
}

/**
 * What is learned from, and what is held out. By time nothing is known of anybody that happened in the hold-out, as it will be
 * in use; by chance the items held out lie among those that are known, which flatters.
 */
export function splitHistories(
  definition: CollaborativeDefinition,
  histories: ReadonlyMap<string, History>,
  catalogue: Ids,
  clock: Date,
  seed: string,
): Split {
  const { holdOut } = definition;
  const now = clock.getTime();
  const { windowMs } = rulesOf(definition);
  const until = typeof holdOut === 'string' ? now - msOf(holdOut) : now;
  const one = typeof holdOut === 'string' ? byTime(definition, now, until) : byChance(definition, now, seed);
  const learn: Interaction[] = [];
  const heldOut: HeldOut[] = [];
  for (const [recipient, history] of histories) {
    const { worths, excluded, later } = one(recipient, history);
    for (const [item, weight] of worths) {
      if (catalogue.has(item)) learn.push({ recipient, item, weight });
    }
    const relevant = new Set([...later].filter((item) => catalogue.has(item) && !excluded.has(item)));
    if (relevant.size > 0) heldOut.push({ recipient, worths, excluded, relevant });
  }
  const common = { from: until - windowMs, until, learn, heldOut };
  return typeof holdOut === 'string'
    ? { kind: 'time', note: `The last ${holdOut} before the clock are held out.`, ...common }
    : { kind: 'random', note: noteOnChance(holdOut.random), ...common };
}

const noteOnChance = (share: number): string =>
  `${Math.round(share * 100)} % of everybody’s items are held out by chance: the model knows what happened after them, which flatters. Hold out by time before you trust it.`;

interface Parted {
  readonly worths: ReadonlyMap<string, number>;
  readonly excluded: ReadonlySet<string>;
  readonly later: Iterable<string>;
}

type Part = (recipient: string, history: History) => Parted;

function byTime(definition: CollaborativeDefinition, now: number, until: number): Part {
  const rules = rulesOf(definition);
  const recent: InteractionRules = {
    weights: rules.weights,
    ...(rules.dwell && { dwell: rules.dwell }),
    windowMs: now - until,
  };
  return (_, history) => ({
    worths: worthByItem(history, rules, until),
    excluded: excludedItems(definition, history, until),
    later: worthByItem(history, recent, now).keys(),
  });
}

/** Each item is drawn by itself, so that the same are held out whatever else counts. */
function byChance(definition: CollaborativeDefinition, now: number, seed: string): Part {
  const rules = rulesOf(definition);
  const { random: share } = definition.holdOut as { readonly random: number };
  return (recipient, history) => {
    const all = worthByItem(history, rules, now);
    const isDrawn = (item: string): boolean => seededRandom(`${seed} ${recipient} ${item}`).next() < share;
    const later = new Set([...all.keys()].filter(isDrawn));
    const excluded = excludedItems(definition, history, now);
    return {
      worths: new Map([...all].filter(([item]) => !later.has(item))),
      excluded: new Set([...excluded].filter((item) => !later.has(item))),
      later,
    };
  };
}
