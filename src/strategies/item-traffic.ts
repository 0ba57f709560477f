import { seededRandom } from '../evaluation/random.js';
import type { Behaviour, History } from '../profiles/history.js';
import type { Distribution, ItemTraffic, Reference } from './model-report.js';
import type { LearningLog, NothingLearned, Watched } from './strategy.js';

/** What a kind that recommends counts, and what one model of it knows. */
export interface TrafficRules {
  /** Whether this is something that a recipient did with an item. */
  readonly isInteraction: (event: Behaviour) => boolean;
  /** Whether the model may recommend the item. */
  readonly knows: (item: string) => boolean;
}

/** In milliseconds since 1970. */
export interface ReferenceTimes {
  /** The window of the reference is from here to the clock. */
  readonly from: number;
  readonly clock: number;
  /** Nothing at it or later was learned from. */
  readonly learnedUntil: number;
}

/** As long as the usual hold-out. */
const usualWindowMs = 14 * 86_400_000;

/** How long the window of a reference is where nothing is held out by time: enough must lie before it in what is learned from. */
export const referenceWindowMs = (learnedMs: number): number => Math.min(usualWindowMs, learnedMs / 3);

/** Fewer recipients than this tell nothing. */
const fewestRecipients = 100;
/** In the reference, where there are more than the fewest bins: chance alone then stays far below the limit of the index. */
const recipientsPerBin = 40;
/** Later. */
const fewestPerBin = 10;
const fewestBins = 5;
const mostBins = 20;
/** Ids that are kept with a model. */
const mostNamed = 300;
/** So many times as long as the window, of one that was learned from: of things seldom done more would still be new in it than later. */
const windowsBefore = 1.5;
/** Of an item that fewer did something with it is chance how far up it stands. */
const fewestOfNamed = 5;

/**
 * Where the interactions of the reference window went: to the items that most recipients did something with before it, to parts
 * of the rest that were drawn by chance, and to items that the model does not know. Every recipient counts one, shared out evenly over the items they did something with, so
 * that those who do much are not taken for many; and items are chosen by what lies before the window, because those that are
 * chosen for having had much in it would have less afterwards by that alone.
 *
 * @returns why there is none, where there is too little.
 */
export function itemReference(
  histories: LearningLog['histories'],
  times: ReferenceTimes,
  rules: TrafficRules,
): { readonly reference: Reference } | { readonly noReference: string } {
  const window = { from: times.from, until: times.clock };
  const recipients = doneIn(histories, window, rules).length;
  if (recipients < fewestRecipients) return { noReference: tooFew(window, recipients, fewestRecipients) };
  const then = asOfWindow(histories, times, rules);
  if ('noReference' in then) return then;
  const bins = Math.max(fewestBins, Math.min(mostBins, Math.floor(recipients / recipientsPerBin)));
  const { named, rest } = binsOf(histories, times.from, then, bins);
  const counted = trafficIn(histories, { ...window, seenUntil: times.from }, { named, rest }, then);
  const items = { ...counted, named, learnedUntil: iso(times.learnedUntil) };
  return { reference: { features: [], items } };
}

/**
 * What the model would know had it learned at the beginning of the window. One that learned from the window itself knows all that was
 * done in it, and of no later window as much; so that would be taken for drift. Refuses where little lies before the window: what
 * it would have known then is little beside what it knows.
 */
function asOfWindow(
  histories: LearningLog['histories'],
  { from, clock, learnedUntil }: ReferenceTimes,
  rules: TrafficRules,
): TrafficRules | { readonly noReference: string } {
  if (learnedUntil <= from) return rules;
  const before = new Set<string>();
  let first = from;
  for (const history of histories.values()) {
    for (const event of history) {
      if (event.item === undefined || event.at >= from || !rules.isInteraction(event)) continue;
      before.add(event.item);
      first = Math.min(first, event.at);
    }
  }
  const needed = from - windowsBefore * (clock - from);
  if (first > needed) {
    return {
      noReference: `Nobody did anything with an item before ${iso(first)}. To tell a change from what is always new it takes something from before ${iso(needed)}: learn it again later, or import older events.`,
    };
  }
  return { ...rules, knows: (item) => before.has(item) && rules.knows(item) };
}

/** The same of a window as long that ends at the clock, in the bins of the reference. */
export function watchItems(
  { items: then }: Reference,
  histories: LearningLog['histories'],
  clock: Date,
  rules: TrafficRules,
): Watched | NothingLearned {
  if (!then) return { ...few, reason: 'The reference of this model says nothing of items: learn it again.' };
  const until = clock.getTime();
  const window = { from: until - (Date.parse(then.until) - Date.parse(then.from)), until };
  const seenUntil = Date.parse(then.learnedUntil);
  const bins = { named: then.named, rest: then.shares.counts.length - then.named.length };
  const items = trafficIn(histories, { ...window, seenUntil }, bins, rules);
  const fewest = Math.max(fewestRecipients, fewestPerBin * then.shares.counts.length);
  if (items.recipients < fewest) return { ...few, reason: tooFew(window, items.recipients, fewest) };
  return { now: { features: [], items: { ...items, named: [], learnedUntil: then.learnedUntil } } };
}

const few = { refused: true, code: 'too_few' } as const;

const tooFew = (window: Window, recipients: number, fewest: number): string =>
  `From ${iso(window.from)} to ${iso(window.until)} ${recipients === 0 ? 'no' : `only ${recipients}`} recipients did anything with an item; it takes ${fewest} to tell a change from chance.`;

interface Window {
  readonly from: number;
  readonly until: number;
}

/** Of each recipient who did something in the window the items, each once. */
function doneIn(
  histories: LearningLog['histories'],
  { from, until }: Window,
  { isInteraction }: TrafficRules,
): { readonly history: History; readonly items: ReadonlySet<string> }[] {
  const found: { history: History; items: ReadonlySet<string> }[] = [];
  for (const history of histories.values()) {
    const items = new Set<string>();
    for (const event of history) {
      const { item, at } = event;
      if (item !== undefined && at >= from && at < until && isInteraction(event)) items.add(item);
    }
    if (items.size > 0) found.push({ history, items });
  }
  return found;
}

interface Bins {
  readonly named: ItemTraffic['named'];
  /** Parts of all items that are not named, at least one. */
  readonly rest: number;
}

/**
 * The items that most recipients did something with before a moment, the first ones alone, later ones together with others
 * like them: each bin has about an equal part of what was done, and so has each part of the rest.
 */
function binsOf(
  histories: LearningLog['histories'],
  before: number,
  rules: TrafficRules,
  most: number,
): Bins {
  const worth = new Map<string, number>();
  for (const { items } of doneIn(histories, { from: -Infinity, until: before }, rules)) {
    for (const item of items) if (rules.knows(item)) worth.set(item, (worth.get(item) ?? 0) + 1 / items.size);
  }
  const total = [...worth.values()].reduce((sum, one) => sum + one, 0);
  const ranked = [...worth]
    .filter(([, share]) => share >= fewestOfNamed)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const bins: string[][] = [];
  let open: string[] = [];
  let [held, left] = [0, total];
  for (const [item, share] of ranked.slice(0, mostNamed)) {
    open.push(item);
    held += share;
    if (held < total / most) continue;
    bins.push(open);
    left -= held;
    [open, held] = [[], 0];
  }
  // Where nothing was done before, all is left.
  const share = total === 0 ? 1 : left / total;
  return { named: bins, rest: Math.max(1, Math.min(most - bins.length, Math.round(most * share))) };
}

function trafficIn(
  histories: LearningLog['histories'],
  { from, until, seenUntil }: Window & { readonly seenUntil: number },
  { named, rest }: Bins,
  rules: TrafficRules,
): Omit<ItemTraffic, 'named' | 'learnedUntil'> {
  const binOf = new Map(named.flatMap((items, bin) => items.map((item) => [item, bin] as const)));
  const counts = Array.from({ length: named.length + rest }, () => 0);
  let [missing, unseenRecipients] = [0, 0];
  const done = doneIn(histories, { from, until }, rules);
  for (const { history, items } of done) {
    for (const item of items) {
      const bin = binOf.get(item) ?? named.length + partOf(item, rest);
      if (rules.knows(item)) counts[bin] = (counts[bin] as number) + 1 / items.size;
      else missing += 1 / items.size;
    }
    unseenRecipients += Number(!isSeen(history, seenUntil, rules));
  }
  const shares: Distribution = {
    ...{ name: 'items', categories: [...named.map(titleOf), ...partTitles(rest)] },
    ...{ counts: counts.map(rounded), missing: rounded(missing) },
  };
  return { from: iso(from), until: iso(until), recipients: done.length, unseenRecipients, shares };
}

const isSeen = (history: History, until: number, { isInteraction }: TrafficRules): boolean =>
  history.some((event) => event.item !== undefined && event.at < until && isInteraction(event));

/** The same of an item for ever. */
const partOf = (item: string, parts: number): number => (parts < 2 ? 0 : seededRandom(item).below(parts));

/** The last count of a distribution has no title. */
const partTitles = (parts: number): string[] =>
  Array.from({ length: parts - 1 }, (_, i) => `others, part ${i + 1}`);

const titleOf = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? first : `${first} and ${others.length} more`;

const iso = (at: number): string => new Date(at).toISOString();

/** Sums of shares, the same in any order of the recipients. */
const rounded = (count: number): number => Math.round(count * 1e6) / 1e6;
