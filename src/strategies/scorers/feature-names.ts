import { z } from 'zod';
import { text } from '../../experiments/text.js';
import { findColumn } from '../ml/features.js';

/** More would be a table, not a recipient. */
const mostFeatures = 200;

/** Names of features that a model from elsewhere is told, each of which there is, and each once. */
export const featureNamesSchema = z
  .array(text(300), 'must be a list of names of features')
  .min(1, 'must name at least one feature')
  .max(mostFeatures, `must name at most ${mostFeatures} features`)
  .superRefine((names, context) => {
    names.forEach((name, i) => {
      const say = (message: string): void =>
        context.addIssue({ code: 'custom', path: [i], message, input: name });
      if (!findColumn(name)) {
        say(
          `there is no feature "${name.slice(0, 64)}": name one such as recency_days, count(view, 30d), spend(EUR, 90d) or trait.plan`,
        );
      } else if (names.indexOf(name) < i) say('is named twice: remove one');
    });
  });
