import { seededRandom, shuffled } from '../../../evaluation/random.js';
import { fitLinear, linearFromJson, type LinearModel } from '../linear/linear-model.js';
import { takeRows } from '../table.js';
import { armOf, emptyArm } from './arm-tables.js';
import {
  about,
  type Base,
  type RefusedUplift,
  type TrialTable,
  type UpliftLearner,
  type UpliftModel,
} from './learner.js';
import { modelsInside, upliftVersion } from './uplift-json.js';

const folds = 5;

/**
 * A linear fit of each recipient's own estimate of the effect: the difference that two models predict, put right by what the
 * recipient really did over the chance of their arm. The models never saw the recipient (cross-fitting), so that what they
 * learned by heart does not come back as effect (Kennedy 2023, the DR-learner; the chances are those of the design).
 */
export const doublyRobust: UpliftLearner = {
  name: 'doubly-robust',
  summary:
    'A linear model of each recipient’s own estimate of the effect, made from models that did not see them; shows in its coefficients who gains.',
  fit(trial, base, seed) {
    const empty = emptyArm(trial);
    if (empty) return empty;
    const effects = ownEffects(trial, base, seed);
    if ('refused' in effects) return effects;
    const fitted = fitLinear(trial.table, effects.values);
    return 'refused' in fitted ? fitted : { model: linearUplift(fitted.model) };
  },
  fromJSON(json) {
    const [model = null] = modelsInside(json, 'doubly-robust', 1);
    return linearUplift(linearFromJson(model));
  },
};

function linearUplift(model: LinearModel): UpliftModel {
  return {
    columns: model.columns,
    predict: (table) => model.predict(table),
    toJSON: () => ({ learner: 'doubly-robust', version: upliftVersion, models: [model.toJSON()] }),
  };
}

/** For each row m1 - m0 + t (y - m1) / p - (1 - t) (y - m0) / (1 - p): its mean is the effect, whatever the models are. */
function ownEffects(
  trial: TrialTable,
  base: Base,
  seed: string,
): RefusedUplift | { readonly values: Float64Array } {
  const { table, treated, labels, treatedShare: p } = trial;
  const values = new Float64Array(table.rows);
  const order = shuffled(table.rows, seededRandom(`${seed}:folds`));
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, place) => place % folds === fold);
    const outside = order.filter((_, place) => place % folds !== fold);
    const predicted = [0, 1].map((arm) => {
      const rows = armOf(trial, arm as 0 | 1, outside);
      const fitted = base.estimator.fit(rows.table, rows.labels, base.settings, `${seed}:${fold}:${arm}`);
      return 'refused' in fitted ? fitted : fitted.model.predict(takeRows(table, inside));
    });
    const [without, given] = predicted;
    if (!without || 'refused' in without) return asRefusal('the control arm', without);
    if (!given || 'refused' in given) return asRefusal('the treated', given);
    inside.forEach((row, i) => {
      const [m0, m1, y] = [without[i] as number, given[i] as number, labels[row] as number];
      values[row] = m1 - m0 + (treated[row] === 1 ? (y - m1) / p : -(y - m0) / (1 - p));
    });
  }
  return { values };
}

function asRefusal(part: string, refusal: RefusedUplift | undefined): RefusedUplift {
  const known: RefusedUplift = refusal ?? {
    refused: true,
    code: 'no_rows',
    reason: 'There are no rows to learn from.',
  };
  return about(`a part of ${part}`, known);
}
