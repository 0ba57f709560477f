import type { Matrix } from '../matrix.js';
import { meanOf, rowMeans } from './means.js';
import type { RatingPredictorKind } from './rating-predictor.js';

const neighbours = 40;

/**
 * Ratings of the nearest recipients who rated the item, as differences from their own means (Resnick et al., CSCW 1994, formula
 * 1 with positive neighbours only): mean(u) + Σ sim(u, v) (r(v, i) − mean(v)) / Σ sim(u, v). Similarities are over items that both
 * rated; neighbours of the same similarity go by the lower id. Without a neighbour it is the recipient's mean.
 */
export const userPearson: RatingPredictorKind = {
  name: 'user_pearson',
  summary: `mean-centred user kNN, Pearson over co-rated items, ${neighbours} positive neighbours`,
  fit: (matrix) => predictorOf(matrix, pearson),
};

export const userCosine: RatingPredictorKind = {
  name: 'user_cosine',
  summary: `mean-centred user kNN, cosine over co-rated items, ${neighbours} positive neighbours`,
  fit: (matrix) => predictorOf(matrix, cosine),
};

/** Over the items that both rated. */
interface PairSums {
  readonly n: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xx: Float64Array;
  readonly yy: Float64Array;
  readonly xy: Float64Array;
}

type Similarity = (sums: PairSums, other: number) => number;

const at = (numbers: Float64Array, i: number): number => numbers[i] as number;

function cosine({ xx, yy, xy }: PairSums, other: number): number {
  const product = at(xx, other) * at(yy, other);
  return product > 0 ? at(xy, other) / Math.sqrt(product) : 0;
}

/** Around the means of the items that both rated; 0 where one of the two rated all of them alike. */
function pearson({ n, x, y, xx, yy, xy }: PairSums, other: number): number {
  const size = at(n, other);
  const spreadX = size * at(xx, other) - at(x, other) ** 2;
  const spreadY = size * at(yy, other) - at(y, other) ** 2;
  // Ratings in halves have exact sums: what is left of equal ones is exactly 0, and rounding in other scales is caught here.
  const least = 1e-12 * size * size;
  if (spreadX <= least || spreadY <= least) return 0;
  return (size * at(xy, other) - at(x, other) * at(y, other)) / Math.sqrt(spreadX * spreadY);
}

function predictorOf(matrix: Matrix, similarity: Similarity): ReturnType<RatingPredictorKind['fit']> {
  const means = rowMeans(matrix.byRecipient, meanOf(matrix));
  return (recipient) => {
    const similarities = similaritiesOf(matrix, recipient, similarity);
    // Nearest first, so that those who rated an item are met in this order.
    const order = Int32Array.from(similarities.keys())
      .filter((other) => (similarities[other] as number) > 0)
      .sort((a, b) => (similarities[b] as number) - (similarities[a] as number) || a - b);
    const rank = new Int32Array(similarities.length).fill(-1);
    order.forEach((other, place) => (rank[other] = place));
    return (item) => predict(matrix, means, { recipient, item, similarities, rank });
  };
}

function predict(
  { byItem: { starts, places, values } }: Matrix,
  means: Float64Array,
  of: {
    readonly recipient: number;
    readonly item: number;
    readonly similarities: Float64Array;
    readonly rank: Int32Array;
  },
): number {
  const raters: { readonly other: number; readonly rank: number; readonly rating: number }[] = [];
  for (let i = starts[of.item] as number; i < (starts[of.item + 1] as number); i++) {
    const other = places[i] as number;
    const rank = of.rank[other] as number;
    if (rank >= 0) raters.push({ other, rank, rating: values[i] as number });
  }
  raters.sort((a, b) => a.rank - b.rank);
  let [sum, weight] = [0, 0];
  for (const { other, rating } of raters.slice(0, neighbours)) {
    const similarity = of.similarities[other] as number;
    sum += similarity * (rating - (means[other] as number));
    weight += similarity;
  }
  const mean = means[of.recipient] as number;
  return weight > 0 ? mean + sum / weight : mean;
}

function similaritiesOf(matrix: Matrix, recipient: number, similarity: Similarity): Float64Array {
  const size = matrix.recipients.length;
  const sums = {
    n: new Float64Array(size),
    x: new Float64Array(size),
    y: new Float64Array(size),
    xx: new Float64Array(size),
    yy: new Float64Array(size),
    xy: new Float64Array(size),
  };
  const { byRecipient: rows, byItem: columns } = matrix;
  for (let i = rows.starts[recipient] as number; i < (rows.starts[recipient + 1] as number); i++) {
    const [item, own] = [rows.places[i] as number, rows.values[i] as number];
    for (let j = columns.starts[item] as number; j < (columns.starts[item + 1] as number); j++) {
      const [other, theirs] = [columns.places[j] as number, columns.values[j] as number];
      add(sums.n, other, 1);
      add(sums.x, other, own);
      add(sums.y, other, theirs);
      add(sums.xx, other, own * own);
      add(sums.yy, other, theirs * theirs);
      add(sums.xy, other, own * theirs);
    }
  }
  return Float64Array.from({ length: size }, (_, other) =>
    other === recipient || at(sums.n, other) === 0 ? 0 : similarity(sums, other),
  );
}

function add(into: Float64Array, place: number, value: number): void {
  into[place] = (into[place] as number) + value;
}
