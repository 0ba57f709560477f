import { badInput } from '../errors.js';
import { bootstrapMean } from '../evaluation/bootstrap.js';
import { pairedDifference } from '../evaluation/ranking/compare-rankings.js';
import { coverage } from '../evaluation/ranking/coverage.js';
import { type RankingMeasure, rankingMeasureNames } from '../evaluation/ranking/measures.js';
import type { Estimate } from '../statistics/result.js';
import type { OrRefusal } from '../evaluation/refusal.js';
import {
  type HeldOutRecipient,
  type HoldOutResult,
  measureHoldOut,
} from '../strategies/cf/measure-hold-out.js';
import type { Json } from '../strategies/strategy.js';
import { type Cohort, cohortsOf } from './recommender-cohorts.js';
import { type DataRequest, type ReadingOptions, readSplit } from './recommender-data.js';
import { type ShortHistory, shortHistories, withLatest } from './recommender-histories.js';
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
  /** Rising: recipients are measured with so many of the latest things that they did as well. */
  readonly histories: readonly number[];
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
  /** Where lengths were asked for. */
  readonly histories?: readonly ShortHistory[];
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
  const shown = question.histories.map((length) => withLatest(holdOut.recipients, length));
  const results = new Map<string, Measured | RefusedMethod>();
  for (const method of question.methods) {
    options.signal?.throwIfAborted();
    results.set(method.label, measured(method, holdOut, shown, question, options));
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
    ...(shown.length > 0 && { histories: historiesOf(results, holdOut, question) }),
  };
}

function historiesOf(
  results: ReadonlyMap<string, Measured | RefusedMethod>,
  { known }: RecommenderHoldOut,
  question: RecommenderQuestion,
): ShortHistory[] {
  const usable = [...results].flatMap(([method, result]) =>
    'refused' in result ? [] : [{ method, values: result.histories }],
  );
  return shortHistories(question.histories, known, usable, question);
}

/** Mean over the seeds, recipient by recipient. */
interface Measured {
  readonly seeds: readonly string[];
  readonly values: HoldOutResult['values'];
  readonly lists: readonly HoldOutResult['lists'][];
  /** nDCG for each length of the histories. */
  readonly histories: readonly Float64Array[];
}

/** @param shown the recipients as they are shown for each length of the histories. */
function measured(
  { kind, settings, label }: Method,
  { matrix, recipients }: RecommenderHoldOut,
  shown: readonly (readonly HeldOutRecipient[])[],
  { k, seed, seeds }: RecommenderQuestion,
  { tell, signal }: EvaluationOptions,
): Measured | RefusedMethod {
  const names = kind.drawn ? Array.from({ length: seeds }, (_, i) => `${seed}-${i + 1}`) : [seed];
  const results: HoldOutResult[] = [];
  const short: Float64Array[][] = shown.map(() => []);
  for (const name of names) {
    const step = names.length > 1 ? `${label}, seed ${results.length + 1} of ${names.length}` : label;
    const told = (): void => {
      signal?.throwIfAborted();
      tell?.(step);
    };
    const recommender = kind.fit(matrix, settings, name, told);
    if ('refused' in recommender) return { method: label, ...recommender };
    results.push(measureHoldOut(recommender, recipients, k, told));
    shown.forEach((set, i) => short[i]?.push(measureHoldOut(recommender, set, k, told).values.ndcg));
  }
  return {
    seeds: kind.drawn ? names : [],
    lists: results.map(({ lists }) => lists),
    values: Object.fromEntries(
      rankingMeasureNames.map((name) => [name, meanOf(results.map(({ values }) => values[name]))]),
    ) as HoldOutResult['values'],
    histories: short.map(meanOf),
  };
}

/** Of several seeds, recipient by recipient. */
function meanOf(values: readonly Float64Array[]): Float64Array {
  return (values[0] as Float64Array).map(
    (_, i) => values.reduce((sum, one) => sum + (one[i] as number), 0) / values.length,
  );
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
