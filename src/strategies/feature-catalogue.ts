import { eventTypes } from '../experiments/experiment.js';
import { spellDuration } from '../experiments/duration.js';
import { countedBy } from '../profiles/features/counted.js';
import { features, findFeature } from '../profiles/features/feature.js';
import { day } from '../profiles/features/window.js';
import { findGroup } from './ml/feature-groups.js';
import { findColumn } from './ml/features.js';

/** Who may name a feature: conditions of rules, trees and segments; models that learn here; scorers from elsewhere. */
export type FeatureReader = 'conditions' | 'models' | 'scorers';

/** Of a trait it is that of whatever was said: a model takes numbers for numbers, and all else for categories. */
export type CatalogueType = 'number' | 'category' | 'as said';

/** A feature that can be asked for, or a family of them. */
export interface KnownFeature {
  /** A name, or how names are made: `count(EVENT, CATEGORY, DAYSd)`. */
  readonly pattern: string;
  /** Names that there are. */
  readonly examples: readonly string[];
  readonly title: string;
  readonly meaning: string;
  readonly type: CatalogueType;
  /** Null: a category, or what the name says. */
  readonly unit: string | null;
  /** Every value that it may have, where those are few. */
  readonly values?: readonly string[];
  readonly source: 'behaviour' | 'trait';
  /** Types of events that it is made of; of a family all that a name may say. */
  readonly events: readonly string[];
  /** In words: how far back from the clock. */
  readonly window: string;
  readonly readers: readonly FeatureReader[];
}

/** One feature by its own name. */
export interface NamedFeature {
  readonly name: string;
  /** Of the known feature that it is, or that it is one of. */
  readonly pattern: string;
  readonly title: string;
  readonly meaning: string;
  readonly type: CatalogueType;
  readonly unit: string | null;
  readonly source: 'behaviour' | 'trait';
  readonly events: readonly string[];
  /** Null: from the beginning. */
  readonly windowDays: number | null;
}

const anybody: readonly FeatureReader[] = ['conditions', 'models', 'scorers'];
const ever = 'all that is known';
const asNamed = 'as the name says; without days, all that is known';
const anyEvent = eventTypes.filter((type) => type !== 'void');

/** A family of names: what its examples cannot tell. */
type Family = Pick<KnownFeature, 'pattern' | 'examples' | 'title' | 'events' | 'window' | 'readers'> & {
  /** What its names begin with. */
  readonly begins: string;
  readonly unit?: null;
};

const families: readonly Family[] = [
  {
    begins: 'count(',
    pattern: 'count(EVENT, CATEGORY, DAYSd)',
    examples: ['count(view)', 'count(view, shoes)', 'count(view, shoes, 30d)'],
    title: 'events of a type',
    ...{ events: anyEvent, window: asNamed, readers: anybody },
  },
  {
    begins: 'spend(',
    pattern: 'spend(CURRENCY, CATEGORY, DAYSd)',
    examples: ['spend(EUR)', 'spend(EUR, shoes)', 'spend(EUR, shoes, 90d)'],
    title: 'money spent in a currency',
    unit: null,
    ...{ events: ['purchase', 'refund'], window: asNamed, readers: anybody },
  },
  {
    begins: 'engagement_score(',
    pattern: 'engagement_score(EVENT POINTS, …, DAYSd, half DAYSd)',
    examples: ['engagement_score(view 1, purchase 20, 365d, half 30d)'],
    title: 'engagement score with points, days and half-life of your own',
    ...{ events: anyEvent, window: asNamed, readers: anybody },
  },
  {
    begins: 'lifecycle_stage(',
    pattern: 'lifecycle_stage(new DAYSd, loyal ORDERS, STAGE DAYSd, …, STAGE)',
    examples: ['lifecycle_stage(new 30d, loyal 5, active 90d, at_risk 180d, churned)'],
    title: 'stage of the life as a customer, with stages of your own',
    ...{ events: ['purchase'], window: ever, readers: anybody },
  },
  {
    begins: 'category_count(',
    pattern: 'category_count(EVENT, DAYSd): CATEGORY',
    examples: ['category_count(purchase, 90d): shoes'],
    title: 'events of a type in one category',
    ...{ events: anyEvent, window: asNamed, readers: ['models', 'scorers'] },
  },
  {
    begins: 'category_counts(',
    pattern: 'category_counts(EVENT, DAYSd)',
    examples: ['category_counts(purchase, 90d)', 'category_counts(view)'],
    title: 'events of a type by category',
    ...{ events: anyEvent, window: asNamed, readers: ['models'] },
  },
  {
    begins: 'spend(*',
    pattern: 'spend(*, DAYSd)',
    examples: ['spend(*)', 'spend(*, 90d)'],
    title: 'money spent in the usual currency',
    ...{ events: ['purchase', 'refund'], window: asNamed, readers: ['models'] },
  },
  {
    begins: 'trait.',
    pattern: 'trait.NAME',
    examples: ['trait.plan'],
    title: 'a trait of the recipient',
    ...{ events: [], window: 'what was said last before the clock', readers: anybody },
  },
];

/** Every feature that can be asked for. Those with a name of their own come from `features`, as they are. */
export const knownFeatures: readonly KnownFeature[] = [
  ...Object.keys(features).map(ownName),
  ...families.map(ofFamily),
];

function ownName(name: string): KnownFeature {
  const { title, meaning, type, unit, source, events, windowDays } = describeFeature(name);
  const values = findFeature(name)?.values;
  return {
    ...{
      pattern: name,
      examples: [name],
      title,
      meaning,
      type,
      unit,
      ...(values && { values }),
      source,
      events,
    },
    ...{ window: windowDays === null ? ever : spellDuration(windowDays * day), readers: anybody },
  };
}

function ofFamily({ begins: _, unit: said, ...family }: Family): KnownFeature {
  const { meaning, type, unit, source } = describeFeature(family.examples[0] ?? '');
  return { ...family, meaning, type, unit: said === null ? null : unit, source };
}

/** @throws Error for a name that is no feature: what asks for one is checked before. */
export function describeFeature(name: string): NamedFeature {
  const found = columnOrGroup(name);
  if (!found) throw new Error(`there is no feature ${name}`);
  const { title, meaning, source, needs } = found;
  const type = source === 'trait' ? 'as said' : found.type;
  const { lookbackMs } = needs;
  // The order that a refund is of may lie before the window, so that more is needed than counts.
  const days = countedBy(name)?.days ?? (lookbackMs === undefined ? null : lookbackMs / day);
  return {
    ...{ name, pattern: patternOf(name), title, meaning, type, unit: found.unit ?? null, source },
    ...{ events: [...needs.types].sort(), windowDays: days },
  };
}

function columnOrGroup(name: string) {
  const group = findGroup(name);
  return group ? { ...group, type: 'number' as const, source: 'behaviour' as const } : findColumn(name);
}

/** The family whose beginning says most, where the name is not one of its own. */
function patternOf(name: string): string {
  if (Object.hasOwn(features, name)) return name;
  const own = families.filter(({ begins }) => name.startsWith(begins));
  const [closest] = own.sort((a, b) => b.begins.length - a.begins.length);
  return closest?.pattern ?? name;
}
