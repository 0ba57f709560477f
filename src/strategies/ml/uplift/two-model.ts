import type { Model } from '../estimator.js';
import { armOf, emptyArm } from './arm-tables.js';
import { about, type UpliftLearner, type UpliftModel } from './learner.js';
import { modelsInside, upliftVersion } from './uplift-json.js';

/** One model of the outcome in each arm; the score is their difference. */
export const twoModel: UpliftLearner = {
  name: 'two-model',
  summary: 'One model for each arm; the score is the difference of what they predict.',
  fit(trial, { estimator, settings }, seed) {
    const empty = emptyArm(trial);
    if (empty) return empty;
    const [treated, control] = [armOf(trial, 1), armOf(trial, 0)];
    const one = estimator.fit(treated.table, treated.labels, settings, `${seed}:treated`);
    if ('refused' in one) return about('the treated', one);
    const other = estimator.fit(control.table, control.labels, settings, `${seed}:control`);
    return 'refused' in other
      ? about('the control arm', other)
      : { model: differenceOf(one.model, other.model) };
  },
  fromJSON(json, estimator) {
    const [treated = null, control = null] = modelsInside(json, 'two-model', 2);
    return differenceOf(estimator.fromJSON(treated), estimator.fromJSON(control));
  },
};

function differenceOf(treated: Model, control: Model): UpliftModel {
  return {
    columns: treated.columns,
    predict(table) {
      const without = control.predict(table);
      return treated.predict(table).map((one, row) => one - (without[row] as number));
    },
    toJSON: () => ({
      learner: 'two-model',
      version: upliftVersion,
      models: [treated.toJSON(), control.toJSON()],
    }),
  };
}
