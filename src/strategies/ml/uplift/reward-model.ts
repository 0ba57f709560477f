import { seededRandom, shuffled } from '../../../evaluation/random.js';
import { fitLinear } from '../linear/linear-model.js';
import { type Table, takeRows } from '../table.js';

/** Rewards that a linear model of each action predicts: by action, for each row. */
export type PredictedRewards = ReadonlyMap<string, Float64Array>;

const folds = 5;

/**
 * Rewards of every action for every row, by models that did not learn from the row (cross-fitting). An action that a part of the
 * rows lacks, or on which nothing varies, is predicted by its mean there.
 */
export function crossFittedRewards(
  table: Table,
  actions: readonly string[],
  rewards: Float64Array,
  seed: string,
): PredictedRewards {
  const order = shuffled(table.rows, seededRandom(`${seed}:rewards`));
  const names = [...new Set(actions)];
  const predicted = new Map(names.map((name) => [name, new Float64Array(table.rows)]));
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, place) => place % folds === fold);
    const outside = order.filter((_, place) => place % folds !== fold);
    const modelOf = rewardModel(table, actions, rewards, outside);
    const part = takeRows(table, inside);
    for (const name of names) {
      const values = modelOf(name)(part);
      const into = predicted.get(name) ?? new Float64Array();
      inside.forEach((row, i) => (into[row] = values[i] as number));
    }
  }
  return predicted;
}

/** A linear model of the rewards of each action, learned from some of the rows. */
export function rewardModel(
  table: Table,
  actions: readonly string[],
  rewards: Float64Array,
  rows: Int32Array,
): (action: string) => (table: Table) => Float64Array {
  return (action) => {
    const own = rows.filter((row) => actions[row] === action);
    const targets = Float64Array.from(own, (row) => rewards[row] as number);
    const mean = targets.length === 0 ? 0 : targets.reduce((sum, one) => sum + one, 0) / targets.length;
    const fitted = table.columns.length === 0 ? undefined : fitLinear(takeRows(table, own), targets);
    if (!fitted || 'refused' in fitted) return (of) => new Float64Array(of.rows).fill(mean);
    return (of) => fitted.model.predict(of);
  };
}
