import type { Model } from '../estimator.js';
import { emptyArm } from './arm-tables.js';
import type { UpliftLearner, UpliftModel } from './learner.js';
import { modelsInside, upliftVersion } from './uplift-json.js';

/**
 * One model of whether a recipient did what speaks for the treatment: treated and with the outcome, or neither. With arms of the
 * same size the uplift is twice its probability less 1 (Jaskowski & Jaroszewicz 2012). Where the design gave them different sizes, rows
 * weigh as much as makes them the same.
 */
export const classTransformation: UpliftLearner = {
  name: 'class-transformation',
  summary:
    'One model of “treated with the outcome, or untreated without”; the score is twice its probability less 1.',
  fit(trial, { estimator, settings }, seed) {
    const empty = emptyArm(trial);
    if (empty) return empty;
    const { table, treated, labels, treatedShare } = trial;
    const speaksFor = treated.map((arm, row) => (arm === labels[row] ? 1 : 0));
    const weights = Float64Array.from(treated, (arm) => 0.5 / (arm === 1 ? treatedShare : 1 - treatedShare));
    const equal = Math.abs(treatedShare - 0.5) < 1e-12;
    const fitted = estimator.fit(table, speaksFor, settings, seed, equal ? {} : { weights });
    return 'refused' in fitted ? fitted : { model: doubled(fitted.model) };
  },
  fromJSON(json, estimator) {
    const [model = null] = modelsInside(json, 'class-transformation', 1);
    return doubled(estimator.fromJSON(model));
  },
};

function doubled(model: Model): UpliftModel {
  return {
    columns: model.columns,
    predict: (table) => model.predict(table).map((p) => 2 * p - 1),
    toJSON: () => ({ learner: 'class-transformation', version: upliftVersion, models: [model.toJSON()] }),
  };
}
