import { badInput } from '../errors.js';
import { didYouMean, quoted } from '../files/closest-name.js';
import type { RecommenderKind } from '../strategies/cf/recommender.js';
import { findRecommender, recommenders } from '../strategies/cf/recommenders.js';
import type { Json } from '../strategies/strategy.js';

/** A recommender to be measured, with its settings. */
export interface Method {
  /** As it was asked for: `user_knn:neighbours=100`. */
  readonly label: string;
  readonly kind: RecommenderKind<unknown>;
  readonly settings: unknown;
}

/**
 * `user_knn:neighbours=100:shrinkage=10` as a kind with settings.
 *
 * @throws bad_input `unknown_method`, `invalid_method`.
 */
export function methodOf(label: string): Method {
  const [name = '', ...pairs] = label.trim().split(':');
  const kind = findRecommender(name);
  if (!kind) {
    const names = recommenders.map((one) => one.name);
    throw badInput(
      'unknown_method',
      `There is no method ${quoted(name)}.${didYouMean(name, names)} There are ${names.join(', ')}.`,
    );
  }
  const settings = Object.fromEntries(pairs.map((pair) => settingOf(pair, label)));
  const parsed = kind.parse(settings);
  if (parsed.ok) return { label: label.trim(), kind, settings: parsed.value };
  throw badInput('invalid_method', `These settings do not fit ${kind.name}.`, parsed.problems);
}

/** `neighbours=100`; numbers, true, false and null are read as such. */
function settingOf(pair: string, label: string): [string, Json] {
  const [name = '', text, ...more] = pair.split('=');
  if (name === '' || text === undefined || text === '' || more.length > 0) {
    throw badInput(
      'invalid_method',
      `${quoted(pair)} in ${quoted(label)} is no setting. Write NAME=VALUE, as in user_knn:neighbours=100.`,
    );
  }
  return [name, /^(-?\d+(\.\d+)?|true|false|null)$/.test(text) ? (JSON.parse(text) as Json) : text];
}

export const usualMethods: readonly string[] = recommenders.map(({ name }) => name);
