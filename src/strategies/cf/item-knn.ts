import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import { type ItemKnnSettings, ItemLists, listsOf } from './item-lists.js';
import { ItemSteps } from './item-steps.js';
import type { Matrix } from './matrix.js';
import { OpenModel } from './model-file.js';
import type { NothingFitted, Recommender, RecommenderKind } from './recommender.js';
import { matrixProblem, tooLarge, weighed } from './sparse.js';

/** Rows of a model are recipients without names; a damaged file must not ask for endless memory. */
const mostRecipients = 100_000_000;

const schema = z
  .strictObject({
    neighbours: z.int('must be a whole number').min(1).max(10_000).nullable().default(null),
    shrinkage: z.number('must be a number').min(0).max(10_000).default(0),
    weights: z.enum(['binary', 'given'], 'must be "binary" or "given"').default('binary'),
  })
  .refine(({ neighbours, shrinkage }) => neighbours !== null || shrinkage === 0, {
    path: ['shrinkage'],
    message: 'needs a number of neighbours, such as 100: with all of them there is no list to keep',
  });

/**
 * What the same recipients like as what the recipient liked. score(i) = Σ sim(i, j) t(j) over the taste, with
 * sim(i, j) = i·j / (|i||j| + shrinkage) over all recipients; with a number of neighbours, over the lists of the items of the
 * taste (Deshpande and Karypis, ACM TOIS 22(1), 2004).
 */
export const itemKnn: RecommenderKind<ItemKnnSettings> = {
  name: 'item_knn',
  summary: 'What recipients like who like the same as the recipient, item by item.',
  drawn: false,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings, _, tell) => matrixProblem(matrix) ?? fitItemKnn(matrix, settings, tell),
  fromJSON(json) {
    const model = new OpenModel('item_knn', json);
    const settings = schema.safeParse(model.settings);
    if (!settings.success) throw model.damaged('its settings are not known here');
    const { items } = model;
    if (settings.data.neighbours === null) {
      return new ItemSteps(items, model.sparse('columns', items.length, mostRecipients), settings.data);
    }
    const lists = model.sparse('lists', items.length, items.length);
    const shared = model.ints('shared', lists.places.length);
    return new ItemLists(items, { lists, shared }, settings.data);
  },
};

function fitItemKnn(
  matrix: Matrix,
  settings: ItemKnnSettings,
  tell?: (done: number, of: number) => void,
): Recommender | NothingFitted {
  const columns = weighed(matrix.byItem, settings.weights);
  if (settings.neighbours === null) {
    return new ItemSteps(matrix.items, columns, settings);
  }
  const lists = listsOf(weighed(matrix.byRecipient, settings.weights), columns, settings, tell);
  if (lists) return new ItemLists(matrix.items, lists, settings);
  const items = matrix.items.length.toLocaleString('en-US');
  return tooLarge(`Lists of ${settings.neighbours} neighbours of ${items} items`);
}
