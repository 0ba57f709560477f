import { badInput } from '../errors.js';
import { type RatingErrors, ratingErrors } from '../evaluation/rating.js';
import { matrixOfEntries } from '../strategies/cf/matrix.js';
import type { RatingPredictorKind } from '../strategies/cf/ratings/rating-predictor.js';
import { ratingPredictors } from '../strategies/cf/ratings/rating-predictors.js';
import type { EvaluationOptions } from './evaluate-recommenders.js';
import { type DataRequest, readSplit, type SplitData } from './recommender-data.js';
import { type MatrixSummary, recommenderHoldOut } from './recommender-hold-out.js';
import { count, orderWords, type ProtocolLine, splitWords, warningsOf } from './recommender-protocol.js';

export interface RatingQuestion extends DataRequest {
  readonly seed: string;
  readonly draws: number;
}

export interface RatingEvaluation {
  readonly files: SplitData['files'];
  readonly protocol: readonly ProtocolLine[];
  readonly warnings: readonly string[];
  readonly matrix: MatrixSummary;
  readonly methods: readonly ({ readonly method: string; readonly summary: string } & RatingErrors)[];
}

/**
 * Reads a file of ratings, holds part of it out and measures every way of predicting it. No database.
 *
 * @throws bad_input where the file, or what was asked, cannot be used.
 */
export async function evaluateRatings(
  question: RatingQuestion,
  options: EvaluationOptions,
): Promise<RatingEvaluation> {
  const data = await readSplit(question, options);
  const ratings = data.ratings;
  if (!ratings) throw badInput('no_rating', 'Name the column that says how much with --rating.');
  const held = Int32Array.from(data.isHeldOut.keys()).filter((row) => data.isHeldOut[row] === 1);
  const learned = Int32Array.from(data.isHeldOut.keys()).filter((row) => data.isHeldOut[row] === 0);
  if (held.length === 0 || learned.length === 0) {
    throw badInput(
      'nothing_held_out',
      'There must be ratings to learn from and ratings held out. Choose another split.',
    );
  }
  const matrix = matrixOfEntries(data.recipients, data.items, {
    rows: learned.map((row) => data.recipientOf[row] as number),
    columns: learned.map((row) => data.itemOf[row] as number),
    weights: Float32Array.from(learned, (row) => ratings[row] as number),
  });
  const scale = scaleOf(Float64Array.from(learned, (row) => ratings[row] as number));
  const { summary } = recommenderHoldOut(data);
  return {
    files: data.files,
    protocol: protocolOf(question, data, scale),
    warnings: warningsOf(question.split, data, { ...summary, unknownRecipients: 0 }),
    matrix: summary,
    methods: ratingPredictors.map((kind) => {
      options.signal?.throwIfAborted();
      options.tell?.(kind.name);
      const predicted = predictionsOf(kind, matrix, data, held, scale);
      const actual = Float64Array.from(held, (row) => ratings[row] as number);
      const recipients = held.map((row) => data.recipientOf[row] as number);
      const errors = ratingErrors({ predicted, actual, recipients }, question.seed, question.draws);
      return { method: kind.name, summary: kind.summary, ...errors };
    }),
  };
}

interface Scale {
  readonly least: number;
  readonly most: number;
}

/** The rows that are held out come recipient by recipient. */
function predictionsOf(
  kind: RatingPredictorKind,
  matrix: ReturnType<typeof matrixOfEntries>,
  { recipientOf, itemOf }: SplitData,
  held: Int32Array,
  { least, most }: Scale,
): Float64Array {
  const predictor = kind.fit(matrix);
  let [last, predict] = [-1, (_: number): number => 0];
  return Float64Array.from(held, (row) => {
    const recipient = recipientOf[row] as number;
    if (recipient !== last) [last, predict] = [recipient, predictor(recipient)];
    return Math.min(most, Math.max(least, predict(itemOf[row] as number)));
  });
}

function scaleOf(ratings: Float64Array): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const rating of ratings) {
    least = Math.min(least, rating);
    most = Math.max(most, rating);
  }
  return { least, most };
}

function protocolOf(
  { split, columns, draws }: RatingQuestion,
  data: SplitData,
  scale: Scale,
): ProtocolLine[] {
  return [
    { what: 'split', how: splitWords(split, columns.time) },
    {
      what: 'measured',
      how: 'every rating that is held out, each counting alike; whoever or whatever is unknown gets the mean that each method says',
    },
    {
      what: 'scale',
      how: `predictions are cut to ${scale.least} to ${scale.most}, the least and greatest rating that is learned from`,
    },
    { what: 'ties', how: `of neighbours go to the lower id; ${orderWords(data)}` },
    {
      what: 'intervals',
      how: `95 %, percentile bootstrap over recipients with all their ratings, ${draws} draws`,
    },
    ...(data.repeated > 0
      ? [
          {
            what: 'repeated',
            how: `${count(data.repeated)} rows rate again what another rates: the last counts`,
          },
        ]
      : []),
  ];
}
