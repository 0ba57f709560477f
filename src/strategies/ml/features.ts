import { findFeature } from '../../profiles/features/feature.js';
import type { History, HistoryNeeds } from '../../profiles/history.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { knownTrait } from '../../profiles/known-trait.js';
import type { Traits } from '../../profiles/traits.js';
import type { KnownTraits } from '../strategy.js';
import { categoryCount } from './category-counts.js';
import type { Cell } from './table.js';

/** One column of what a model sees of a recipient. */
export interface Column {
  /** As a definition names it; of a group, one for each of its members. */
  readonly name: string;
  /** In words. */
  readonly title: string;
  /** What it says and what it does not. */
  readonly meaning: string;
  /** What its numbers count; a category has none. */
  readonly unit?: string;
  readonly type: 'number' | 'category';
  readonly source: 'behaviour' | 'trait';
  readonly needs: HistoryNeeds;
  /** Of the source `trait`. */
  readonly trait?: string;
  /** Nothing at the clock or later makes a difference. Undefined: not known. */
  value(history: History, clock: number, traits: Traits): Cell;
}

const longestName = 300;

/**
 * The column of that name: a feature of profiles (`recency_days`, `count(view, shoes, 30d)`, `spend(EUR, 90d)`), what somebody
 * said (`trait.plan`), or events in one category (`category_count(purchase, 90d): shoes`). Undefined: there is none.
 */
export function findColumn(name: string): Column | undefined {
  if (name.length > longestName) return undefined;
  if (name.startsWith('trait.')) return traitColumn(name);
  return categoryCount(name) ?? featureColumn(name);
}

function featureColumn(name: string): Column | undefined {
  const feature = findFeature(name);
  if (!feature) return undefined;
  const { title, meaning, unit, needs } = feature;
  const isText = feature.isText === true || feature.values !== undefined;
  return {
    ...{ name, title, meaning, ...(unit !== undefined && { unit }) },
    ...{ type: isText ? 'category' : 'number', source: 'behaviour', needs },
    value: (history, clock, traits) => feature.value(history, clock, traits),
  };
}

function traitColumn(name: string): Column | undefined {
  const trait = name.slice('trait.'.length);
  if (trait === '') return undefined;
  return {
    ...{
      name,
      title: `trait ${trait}`,
      meaning: 'What was said of the recipient, where it was said before the clock.',
    },
    ...{ type: 'category', source: 'trait', needs: { types: [] }, trait },
    value: (_history, _clock, traits) => knownTrait(traits, trait),
  };
}

/** What was known of somebody's traits at a clock: whatever was said at it or later, or said anew since, is not. */
export function traitsAt(known: KnownTraits | undefined, clock: number): Traits {
  if (!known) return {};
  const before = Object.entries(known).filter(([, { at }]) => at < clock);
  return Object.fromEntries(before.map(([name, { value }]) => [name, value]));
}

/** Columns together, in the order of their names as given. */
export interface FeatureSet {
  readonly columns: readonly Column[];
  readonly names: readonly string[];
  readonly needs: HistoryNeeds;
  /** Names of traits that are looked at, in order. */
  readonly traits: readonly string[];
  row(history: History, clock: number, traits: Traits): Cell[];
}

/** @throws Error for a name that is no feature: definitions are checked before. */
export function featureSet(names: readonly string[]): FeatureSet {
  const columns = names.map((name) => {
    const column = findColumn(name);
    if (!column) throw new Error(`there is no feature ${name}`);
    return column;
  });
  return {
    columns,
    names,
    needs: joinNeeds(columns.map(({ needs }) => needs)),
    traits: traitNames(names),
    row(history, clock, traits) {
      // Later events have no say, whatever a feature does with them.
      const last = history.at(-1);
      const seen = last === undefined || last.at < clock ? history : history.filter(({ at }) => at < clock);
      return columns.map((column) => column.value(seen, clock, traits));
    },
  };
}

/** The traits that are named, each once, in order. */
export function traitNames(names: readonly string[]): string[] {
  const found = names.filter((name) => name.startsWith('trait.')).map((name) => name.slice('trait.'.length));
  return [...new Set(found)].sort();
}
