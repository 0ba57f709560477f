import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import type { Matrix } from './matrix.js';
import { modelFile, OpenModel } from './model-file.js';
import { pack } from './packed.js';
import type { NothingFitted, Recommender, RecommenderKind } from './recommender.js';
import { matrixProblem, weighed, type Weighing } from './sparse.js';

export interface PopularSettings {
  /** Each recipient counts once per item, or with the weight of what they did. */
  readonly weights: Weighing;
}

const schema = z.strictObject({
  weights: z.enum(['binary', 'given'], 'must be "binary" or "given"').default('binary'),
});

/** The honest baseline: what most recipients liked, whoever asks. */
export const popularRecommender: RecommenderKind<PopularSettings> = {
  name: 'popular',
  summary: 'What most recipients liked, the same for everybody.',
  drawn: false,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings) => matrixProblem(matrix) ?? fitPopular(matrix, settings),
  fromJSON(json) {
    const model = new OpenModel('popular', json);
    return popular(model.items, model.floats('counts', model.items.length), settingsOf(model));
  },
};

function settingsOf(model: OpenModel): PopularSettings {
  const settings = schema.safeParse(model.settings);
  if (!settings.success) throw model.damaged('its settings are not known here');
  return settings.data;
}

function fitPopular({ items, byItem }: Matrix, settings: PopularSettings): Recommender | NothingFitted {
  const { starts, values } = weighed(byItem, settings.weights);
  const counts = Float32Array.from(items, (_, i) =>
    values.subarray(starts[i], starts[i + 1]).reduce((sum, value) => sum + value, 0),
  );
  return popular(items, counts, settings);
}

function popular(items: readonly string[], counts: Float32Array, settings: PopularSettings): Recommender {
  const scores = Float64Array.from(counts, (count) => (count > 0 ? count : NaN));
  return {
    items,
    score: () => scores.slice(),
    because: (_, place, most) =>
      most > 0 && (scores[place] ?? 0) > 0 ? [{ kind: 'popular', id: items[place] as string, share: 1 }] : [],
    toJSON: () =>
      modelFile('popular', {
        settings: settings as unknown as Json,
        items,
        arrays: { counts: pack(counts) },
      }),
  };
}
