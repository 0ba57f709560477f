import type { Profile } from '../profiles/history.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { usualFeatures } from '../strategies/ml/feature-groups.js';
import { featureSet, findColumn, type FeatureSet } from '../strategies/ml/features.js';
import { type Cell, type Column, type Table, tableOf } from '../strategies/ml/table.js';
import type { LoadedArm } from './load-arms.js';

/** A column of more texts tells single recipients apart, and nothing about the next one. */
const mostCategories = 30;

/**
 * What rewards are predicted from, as of each decision: the usual features of the events that any of these looks at, and the traits
 * that are named. No event is read for it that is not read anyway.
 */
export class KnownFeatures {
  readonly #set: FeatureSet;
  readonly #rows: Cell[][] = [];

  constructor(arms: readonly LoadedArm[], traits: readonly string[]) {
    const { types } = joinNeeds(arms.map(({ needs }) => needs));
    const behaviour = usualFeatures.filter((name) => {
      const needed = findColumn(name)?.needs.types ?? [];
      return needed.length > 0 && needed.every((type) => types.includes(type));
    });
    const said = traits.map((trait) => `trait.${trait}`).filter((name) => findColumn(name) !== undefined);
    this.#set = featureSet([...behaviour, ...said]);
  }

  add({ traits, history }: Profile, at: Date): void {
    this.#rows.push(this.#set.row(history, at.getTime(), traits));
  }

  table(): Table {
    const table = tableOf(this.#set.names, this.#rows);
    return { ...table, columns: table.columns.filter(isCoarse) };
  }
}

const isCoarse = (column: Column): boolean =>
  column.type === 'number' || column.categories.length <= mostCategories;
