import { parseDuration } from '../../experiments/duration.js';
import type { History, HistoryNeeds } from '../../profiles/history.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { isCounted, needsOf } from './category-counts.js';
import { findColumn } from './features.js';

/** A name that stands for columns which only the events tell: one for each category, or that of the usual currency. */
export interface Group {
  /** In words. */
  readonly title: string;
  readonly meaning: string;
  readonly unit: string;
  readonly needs: HistoryNeeds;
  members(histories: Iterable<History>, before: number): string[];
}

/** Columns that a group has at most: the categories with the most events. */
const mostCategories = 12;

/** `category_counts(purchase, 90d)`: events by category; `spend(*, 90d)`: money in the currency of most purchases. */
export function findGroup(name: string): Group | undefined {
  const [, type = '', categoriesWithin] = /^category_counts\((\w+)(?:, ([1-9]\d{0,3}d))?\)$/.exec(name) ?? [];
  if (isCounted(type)) {
    const window = categoriesWithin === undefined ? undefined : parseDuration(categoriesWithin);
    return {
      title: `${type} events by category${within(categoriesWithin)}`,
      meaning: `A number for each of the ${mostCategories} categories with the most events, as known when the model learns.`,
      unit: 'events',
      needs: needsOf(type, window),
      members: (histories, before) =>
        frequent(histories, before, type, ({ category }) => category)
          .slice(0, mostCategories)
          .map((category) => `${name.replace('counts', 'count')}: ${category}`),
    };
  }
  const spend = /^spend\(\*(?:, ([1-9]\d{0,3}d))?\)$/.exec(name);
  if (!spend) return undefined;
  const needs = { ...needsOf('', parseDuration(spend[1] ?? '')), types: ['purchase', 'refund'] };
  return {
    title: `money spent in the usual currency${within(spend[1])}`,
    meaning:
      'Money paid less money that went back, in the currency of most purchases, as known when the model learns.',
    unit: 'the usual currency',
    needs,
    members: (histories, before) =>
      frequent(histories, before, 'purchase', ({ currency, value }) =>
        value === undefined ? undefined : currency,
      )
        .slice(0, 1)
        .map((currency) => name.replace('*', currency)),
  };
}

const within = (window: string | undefined): string => (window === undefined ? '' : ` within ${window}`);

/** What is said in most of these events before a moment, the most frequent first; of equals the first by name. */
function frequent(
  histories: Iterable<History>,
  before: number,
  type: string,
  textOf: (event: History[number]) => string | undefined,
): string[] {
  const counts = new Map<string, number>();
  for (const history of histories) {
    for (const event of history) {
      if (event.type !== type || event.at >= before) continue;
      const text = textOf(event);
      if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([text]) => text);
}

/** What a model sees where a definition says nothing: recency, frequency, money, engagement and tastes. */
export const usualFeatures: readonly string[] = [
  'recency_days',
  'frequency',
  'tenure_days',
  'last_open_days',
  'last_click_days',
  'interactions',
  'engagement_score_decayed',
  'count(purchase, 30d)',
  'count(purchase, 90d)',
  'count(view, 30d)',
  'count(cart, 30d)',
  'spend(*)',
  'spend(*, 90d)',
  'favourite_category',
  'category_counts(purchase, 365d)',
];

/** Whether a definition may name it. */
export function isFeature(name: string): boolean {
  return findGroup(name) !== undefined || findColumn(name) !== undefined;
}

/** What is looked at for these names, groups among them. */
export function needsOfFeatures(names: readonly string[]): HistoryNeeds {
  return joinNeeds(names.map((name) => findGroup(name)?.needs ?? findColumn(name)?.needs ?? { types: [] }));
}

/**
 * The names of columns alone, each once: groups stand for what was known before a moment. A column whose name would be no
 * feature (a currency of four letters) is left out.
 */
export function namedColumns(
  names: readonly string[],
  histories: Iterable<History>,
  before: number,
): string[] {
  const all = [...histories];
  const columns = names.flatMap((name) => findGroup(name)?.members(all, before) ?? [name]);
  return [...new Set(columns)].filter((name) => findColumn(name) !== undefined);
}
