import { badInput } from '../errors.js';
import { bootstrapMean } from '../evaluation/bootstrap.js';
import { pairedDifference } from '../evaluation/ranking/compare-rankings.js';
import { coverage } from '../evaluation/ranking/coverage.js';
import { type RankingMeasure, rankingMeasureNames } from '../evaluation/ranking/measures.js';
import type { Estimate } from '../statistics/result.js';
import type { OrRefusal } from '../evaluation/refusal.js';
import { type HoldOutResult, measureHoldOut } from '../strategies/cf/measure-hold-out.js';
import type { Json } from '../strategies/strategy.js';
import { type Cohort, cohortsOf } from './recommender-cohorts.js';
import { type DataRequest, type ReadingOptions, readSplit } from './recommender-data.js';
import { type MatrixSummary, type RecommenderHoldOut, recommenderHoldOut } from './recommender-hold-out.js';
import { type ItemFile, readItems } from './recommender-items.js';
import type { Method } from './recommender-methods.js';
import { type ProtocolLine, rankingProtocol } from './recommender-protocol.js';

export interface RecommenderQuestion extends DataRequest {
  readonly methods: readonly Method[];
  readonly k: number;
  /** Label of the method that the others are compared with. */
  readonly against: string;
  readonly seed: string;
  /** How often methods that draw by chance are learned, each with a seed of its own; their figures are means. */
  readonly seeds: number;
  readonly draws: number;
  /** Of the table by what is known of a recipient: each cohort begins at one of these. */
  readonly cohorts: readonly number[];
  readonly items?: ItemFile;
}

/** What came of one method. */
export interface MethodResult {
  readonly method: string;
  readonly settings: Json;
  /** Seeds of which this is the mean; absent where nothing is drawn. */
  readonly seeds?: readonly string[];
  readonly measures: Readonly<Record<RankingMeasure | 'coverage', OrRefusal<Estimate>>>;
  /** Of the nDCG to that of the method that all are compared with, on the same recipients. */
  readonly difference?: OrRefusal<Estimate>;
  readonly cohorts: readonly Cohort[];
}

export interface RefusedMethod {
  readonly method: string;
  readonly refused: true;
  readonly code: string;
  readonly reason: string;
}

export interface RecommenderEvaluation {
  readonly files: Awaited<ReturnType<typeof readSplit>>['files'];
  readonly protocol: readonly ProtocolLine[];
  readonly warnings: readonly string[];
  readonly matrix: MatrixSummary;
  readonly k: number;
  readonly against: string;
  readonly methods: readonly (MethodResult | RefusedMethod)[];
}

export interface EvaluationOptions extends ReadingOptions {
  /** Told what is being done. */
  readonly tell?: (step: string) => void;
}

/**
 * Reads a file of interactions, holds part of it out and measures recommenders on that. No database.
 *
 * @throws bad_input where the files, or what was asked, cannot be used.
 */
export async function evaluateRecommenders(
  question: RecommenderQuestion,
  options: EvaluationOptions,
): Promise<RecommenderEvaluation> {
  const items = question.items && (await readItems(question.items, options, question.delimiter));
  const data = await readSplit(question, options, items?.ids);
  const holdOut = recommenderHoldOut(data, items?.attributes);
  if (holdOut.recipients.length === 0) {
    throw badInput(
      'nothing_held_out',
      'Of nobody is there something to learn from and something held out: a fifth of fewer than five interactions is none. Choose another split or a longer file.',
    );
  }
  const results = new Map<string, Measured | RefusedMethod>();
  for (const method of question.methods) {
    options.signal?.throwIfAborted();
    results.set(method.label, measured(method, holdOut, question, options));
  }
  const reference = results.get(question.against);
  return {
    files: [...data.files, ...(items ? [items.file] : [])],
    ...rankingProtocol(question, data, holdOut.summary),
    matrix: holdOut.summary,
    k: question.k,
    against: question.against,
    methods: question.methods.map((method) => {
      const result = results.get(method.label) as Measured | RefusedMethod;
      if ('refused' in result) return result;
      const compared = reference === undefined || 'refused' in reference ? undefined : reference;
      return resultOf(method, result, compared, holdOut, question);
    }),
  };
}

/** Mean over the seeds, recipient by recipient. */
interface Measured {
  readonly seeds: readonly string[];
  readonly values: HoldOutResult['values'];
  readonly lists: readonly HoldOutResult['lists'][];
}

function measured(
  { kind, settings, label }: Method,
  { matrix, recipients }: RecommenderHoldOut,
  { k, seed, seeds }: RecommenderQuestion,
  { tell, signal }: EvaluationOptions,
): Measured | RefusedMethod {
  const names = kind.drawn ? Array.from({ length: seeds }, (_, i) => `${seed}-${i + 1}`) : [seed];
  const results: HoldOutResult[] = [];
  for (const name of names) {
    const step = names.length > 1 ? `${label}, seed ${results.length + 1} of ${names.length}` : label;
    const told = (): void => {
      signal?.throwIfAborted();
      tell?.(step);
    };
    const recommender = kind.fit(matrix, settings, name, told);
    if ('refused' in recommender) return { method: label, ...recommender };
    results.push(measureHoldOut(recommender, recipients, k, told));
  }
  const mean = (measure: RankingMeasure): Float64Array =>
    Float64Array.from(
      recipients,
      (_, i) => results.reduce((sum, { values }) => sum + (values[measure][i] as number), 0) / results.length,
    );
  return {
    seeds: kind.drawn ? names : [],
    lists: results.map(({ lists }) => lists),
    values: Object.fromEntries(
      rankingMeasureNames.map((name) => [name, mean(name)]),
    ) as HoldOutResult['values'],
  };
}

function resultOf(
  method: Method,
  result: Measured,
  reference: Measured | undefined,
  { known, summary }: RecommenderHoldOut,
  { seed, draws, against, cohorts }: RecommenderQuestion,
): MethodResult {
  const own = result.values.ndcg;
  const theirs = method.label === against ? undefined : reference?.values.ndcg;
  const measures = Object.fromEntries(
    rankingMeasureNames.map((name) => [name, bootstrapMean(result.values[name], seed, draws)]),
  ) as Record<RankingMeasure, OrRefusal<Estimate>>;
  return {
    method: method.label,
    settings: method.settings as Json,
    ...(result.seeds.length > 0 && { seeds: result.seeds }),
    measures: { ...measures, coverage: meanCoverage(result.lists, summary.items) },
    ...(theirs && { difference: pairedDifference(own, theirs, seed, draws) }),
    cohorts: cohortsOf(cohorts, known, own, theirs, { seed, draws }),
  };
}

/** Of several seeds the middle of their values and intervals. */
function meanCoverage(lists: readonly HoldOutResult['lists'][], items: number): OrRefusal<Estimate> {
  const all = lists.map((one) => coverage(one, items));
  const usable = all.flatMap((one) => ('refused' in one ? [] : [one]));
  const [first] = all;
  if (usable.length < all.length || first === undefined || 'refused' in first) return first as Estimate;
  const mean = (of: (one: Estimate) => number): number =>
    usable.reduce((sum, one) => sum + of(one), 0) / usable.length;
  return {
    value: mean(({ value }) => value),
    interval: {
      lower: mean(({ interval }) => interval.lower),
      upper: mean(({ interval }) => interval.upper),
      level: first.interval.level,
    },
  };
}
