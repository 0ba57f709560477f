import type { Model } from '../estimator.js';
import { armOf, emptyArm } from './arm-tables.js';
import type { UpliftLearner, UpliftModel } from './learner.js';
import { modelsInside, upliftVersion } from './uplift-json.js';

/** What most tools do: a model of who responds when treated. It finds those who would have done it anyway, too. */
export const response: UpliftLearner = {
  name: 'response',
  summary:
    'One model of the outcome among the treated: who responds, not who gains. Here to be compared with.',
  fit(trial, { estimator, settings }, seed) {
    const empty = emptyArm(trial);
    if (empty) return empty;
    const treated = armOf(trial, 1);
    const fitted = estimator.fit(treated.table, treated.labels, settings, seed);
    return 'refused' in fitted ? fitted : { model: asScore(fitted.model) };
  },
  fromJSON(json, estimator) {
    const [model = null] = modelsInside(json, 'response', 1);
    return asScore(estimator.fromJSON(model));
  },
};

function asScore(model: Model): UpliftModel {
  return {
    columns: model.columns,
    predict: (table) => model.predict(table),
    toJSON: () => ({ learner: 'response', version: upliftVersion, models: [model.toJSON()] }),
  };
}
