import { DecisionTreeClassifier } from 'ml-cart';
import { findFeature } from '../features/feature.js';
import type { Persona, PersonaTree } from './persona.js';

type TreeJson = ReturnType<DecisionTreeClassifier['toJSON']>['root'];

/** The library looks at every split of every feature for every row. */
const mostForTree = 500;
const depth = 4;

/** A tree that tells the clusters apart by the features in their own units. */
export function explainingTree(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  features: readonly string[],
): PersonaTree {
  const step = Math.ceil(rows.length / mostForTree);
  const sample = rows.flatMap((row, i) => (i % step === 0 ? [{ row: [...row], label: labels[i] ?? 0 }] : []));
  const tree = new DecisionTreeClassifier({ gainFunction: 'gini', maxDepth: depth, minNumSamples: 5 });
  tree.train(
    sample.map(({ row }) => row),
    sample.map(({ label }) => label),
  );
  // Only as text its matrices are lists.
  const { root } = JSON.parse(JSON.stringify(tree.toJSON())) as { root: TreeJson };
  return readTree(root, features);
}

function readTree(node: TreeJson, features: readonly string[]): PersonaTree {
  const { left, right, splitColumn, splitValue } = node;
  if (!left || !right || splitColumn === undefined || splitValue === undefined) {
    const shares = node.distribution?.[0] ?? [];
    return { persona: idOf(shares.indexOf(Math.max(...shares))) };
  }
  const below = readTree(left, features);
  const above = readTree(right, features);
  // A question whose answers lead to one persona is none.
  if ('persona' in below && 'persona' in above && below.persona === above.persona) return below;
  return { feature: features[splitColumn] ?? '', split: splitValue, below, above };
}

export function idOf(cluster: number): string {
  return `p${Math.max(0, cluster) + 1}`;
}

interface Distance {
  readonly feature: string;
  /** Of the centre from everybody's mean, in deviations. */
  readonly away: number;
  readonly mean: number;
  readonly everybody: number;
}

/** What sets a persona apart, in words: the features whose means lie farthest from everybody's. */
export function describePersona(distances: readonly Distance[]): Pick<Persona, 'title' | 'description'> {
  const farthest = [...distances].sort(
    (a, b) => Math.abs(b.away) - Math.abs(a.away) || (a.feature < b.feature ? -1 : 1),
  );
  const telling = farthest.filter(({ away }) => Math.abs(away) >= 0.5).slice(0, 3);
  if (telling.length === 0)
    return { title: 'Like everybody', description: 'No feature sets these people apart.' };
  const title = telling
    .slice(0, 2)
    .map(({ feature, away }) => `${levelOf(feature, away)} ${titleOf(feature)}`)
    .join(', ');
  const sentences = telling.map(
    ({ feature, away, mean, everybody }) =>
      `${capital(levelOf(feature, away))} ${titleOf(feature)}: ${shown(mean)} on average, ${shown(everybody)} for everybody.`,
  );
  return { title: capital(title), description: sentences.join(' ') };
}

/** What is counted is many, what is measured is high. */
function levelOf(feature: string, away: number): string {
  const size = Math.abs(away) >= 1.5 ? 'very ' : '';
  const isCount = /^(days|orders|interactions) | events/.test(titleOf(feature));
  const [more, less] = isCount ? ['many', 'few'] : ['high', 'low'];
  return `${size}${away > 0 ? more : less}`;
}

function titleOf(feature: string): string {
  return findFeature(feature)?.title ?? feature;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
