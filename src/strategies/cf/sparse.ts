import type { Matrix, Sparse } from './matrix.js';
import type { NothingFitted, Taste } from './recommender.js';
import { mostEntries } from './model-file.js';

/** Whether what was done counts alike (`binary`) or with its weight (`given`). */
export type Weighing = 'binary' | 'given';

export function weighed(sparse: Sparse, weighing: Weighing): Sparse {
  return weighing === 'given'
    ? sparse
    : { ...sparse, values: new Float32Array(sparse.values.length).fill(1) };
}

/** @param halfLife after how many later interactions one counts half; null: all count alike. */
export function weighedTaste(taste: Taste, weighing: Weighing, halfLife: number | null = null): Taste {
  const { places, weights, ages } = taste;
  const fade = (i: number): number =>
    ages && halfLife !== null ? 2 ** (-(ages[i] as number) / halfLife) : 1;
  return {
    places,
    weights: weights.map((weight, i) => fade(i) * (weighing === 'given' ? weight : 1)),
  };
}

/** Scores as they are where something speaks for an item, else NaN; in place, for there may be a million. */
export function positiveOnly(scores: Float64Array): Float64Array {
  for (let place = 0; place < scores.length; place++) {
    if (!((scores[place] as number) > 0)) scores[place] = NaN;
  }
  return scores;
}

/** Euclidean length of every row. */
export function lengths({ starts, values }: Sparse): Float64Array {
  const squares = new Float64Array(starts.length - 1);
  for (let row = 0; row < squares.length; row++) {
    for (let i = starts[row] as number; i < (starts[row + 1] as number); i++) {
      const value = values[i] as number;
      squares[row] = (squares[row] as number) + value * value;
    }
  }
  return squares.map(Math.sqrt);
}

/** Why a matrix teaches no recommender anything; undefined where it does. */
export function matrixProblem({ byRecipient }: Matrix): NothingFitted | undefined {
  const size = byRecipient.places.length;
  if (size === 0) {
    const reason =
      'Nobody did anything with any item, so there is nothing to learn from. Collect interactions first.';
    return { refused: true, code: 'no_interactions', reason };
  }
  return size > mostEntries ? tooLarge(`${size.toLocaleString('en-US')} interactions`) : undefined;
}

export function tooLarge(what: string): NothingFitted {
  const most = mostEntries.toLocaleString('en-US');
  const reason = `${what} are more than a model can hold (${most} numbers). Learn from a shorter window or from fewer items.`;
  return { refused: true, code: 'too_large', reason };
}
