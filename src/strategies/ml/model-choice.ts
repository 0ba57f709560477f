import { z } from 'zod';
import { joinPath } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import type { Json } from '../strategy.js';
import type { Estimator } from './estimator.js';
import { estimators } from './estimators.js';
import { isFeature, usualFeatures } from './feature-groups.js';

/** What learns, with what settings, and what it sees. */
export interface ModelChoice {
  readonly estimator: string;
  /** In the estimator's own form. */
  readonly settings: Json;
  readonly features: readonly string[];
}

const mostFeatures = 200;

const written = (usual: string) =>
  z.strictObject(
    {
      estimator: z.string('must be the name of an estimator').default(usual),
      settings: z.unknown().optional(),
      features: z
        .array(text(300), 'must be a list of names of features')
        .min(1, 'must name at least one feature')
        .max(mostFeatures, `must name at most ${mostFeatures} features`)
        .default([...usualFeatures]),
    },
    'must be an object such as {"estimator": "boosting"}',
  );

/** What is left out is filled in, so that a version says whole what it learns by. */
export const choiceSchema = (known: ReadonlyMap<string, Estimator<unknown>>, usual: string) =>
  written(usual)
    .prefault({})
    .transform((choice, context): ModelChoice => {
      const say = (path: PropertyKey[], message: string): void =>
        context.addIssue({ code: 'custom', path, message, input: undefined });
      choice.features.forEach((name, i) => {
        if (!isFeature(name)) {
          say(
            ['features', i],
            `there is no feature "${name.slice(0, 64)}": name one of the catalogue, such as recency_days, count(view, 30d), spend(EUR, 90d), category_counts(purchase, 90d) or trait.plan`,
          );
        } else if (choice.features.indexOf(name) < i) say(['features', i], 'is named twice: remove one');
      });
      const estimator = known.get(choice.estimator);
      if (!estimator) {
        say(['estimator'], `must be one of ${[...known.keys()].join(', ')}`);
        return z.NEVER;
      }
      const settings = estimator.parse(choice.settings ?? {});
      if (!settings.ok) {
        for (const { path, message } of settings.problems) say(['settings'], joinMessage(path, message));
        return z.NEVER;
      }
      return { ...choice, settings: settings.value as Json };
    });

export const modelSchema = choiceSchema(estimators, 'boosting');

function joinMessage(path: string, message: string): string {
  return path === '' ? message : `${joinPath('', path)} ${message}`;
}
