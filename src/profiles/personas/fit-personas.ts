import { cluster, type Clustering, silhouette } from './cluster.js';
import { describePersona, explainingTree, idOf } from './explain.js';
import {
  fewestPeople,
  mostPersonas,
  type Persona,
  type PersonaModel,
  personaOf,
  type PersonaRequest,
} from './persona.js';
import { scale } from './scale.js';

/** Somebody with the value of each feature of the request, in its order. */
export interface Featured {
  readonly recipientKey: string;
  readonly values: readonly (number | undefined)[];
}

export interface RefusedPersonas {
  readonly refused: 'too_few_people' | 'constant_feature' | 'too_alike';
  readonly reason: string;
}

const tried = [2, 3, 4, 5, 6, 7, 8].filter((k) => k <= mostPersonas);

/**
 * Clusters people by k-means on scaled features and explains the clusters by a tree. Pure, and the same in whatever order the
 * people come: they are put in the order of their keys first.
 *
 * @param seed of the draws, a whole number made from the seed of the request.
 */
export function fitPersonas(
  request: PersonaRequest,
  everybody: readonly Featured[],
  seed: number,
): PersonaModel | RefusedPersonas {
  const whole = everybody.filter((one): one is Featured & { values: number[] } =>
    one.values.every((value) => value !== undefined),
  );
  const people = [...whole].sort((a, b) => (a.recipientKey < b.recipientKey ? -1 : 1));
  const needed = Math.max(fewestPeople, 5 * (request.personas ?? 2));
  if (people.length < needed) {
    return {
      refused: 'too_few_people',
      reason: `of ${people.length} people all features are known, at least ${needed} are needed`,
    };
  }
  const values = people.map((one) => one.values);
  const scaled = scale(values, request);
  if ('constant' in scaled) {
    return {
      refused: 'constant_feature',
      reason: `${scaled.constant} is the same for everybody: leave it out`,
    };
  }
  const different = new Set(scaled.rows.map((row) => row.join(' '))).size;
  const counts = (request.personas === undefined ? tried : [request.personas]).filter((k) => k <= different);
  if (counts.length === 0) {
    return { refused: 'too_alike', reason: `there are only ${different} different people by these features` };
  }
  const fits = counts.map((k) => ({ k, fit: cluster(scaled.rows, k, seed) }));
  const silhouettes = fits.map(({ k, fit }) => ({
    personas: k,
    silhouette: silhouette(scaled.rows, fit.labels, k),
  }));
  const best = fits.reduce((a, b, i) =>
    (silhouettes[i]?.silhouette ?? 0) > (silhouettes[fits.indexOf(a)]?.silhouette ?? 0) ? b : a,
  );
  return modelOf(request, values, everybody.length - people.length, scaled.scaling, best.fit, silhouettes);
}

function modelOf(
  request: PersonaRequest,
  values: readonly (readonly number[])[],
  leftOut: number,
  scaling: PersonaModel['scaling'],
  { labels, centres, withinSum }: Clustering,
  silhouettes: PersonaModel['silhouettes'],
): PersonaModel {
  const names = request.features.map(({ feature }) => feature);
  const tree = explainingTree(values, labels, names);
  const right = values.filter(
    (row, i) => personaOf(tree, (feature) => row[names.indexOf(feature)]) === idOf(labels[i] ?? 0),
  );
  const overall = meansOf(values, names);
  const personas = centres.map((centre, c): Persona => {
    const own = values.filter((_, i) => labels[i] === c);
    const means = meansOf(own, names);
    const distances = names.map((feature, i) => ({
      feature,
      away: centre[i] ?? 0,
      mean: means[feature] ?? 0,
      everybody: overall[feature] ?? 0,
    }));
    return { id: idOf(c), ...describePersona(distances), size: own.length, centre: means };
  });
  return {
    request,
    scaling,
    people: values.length,
    leftOut,
    personas,
    withinSum,
    silhouettes,
    tree,
    agreement: right.length / values.length,
  };
}

function meansOf(rows: readonly (readonly number[])[], names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / Math.max(1, rows.length),
    ]),
  );
}
