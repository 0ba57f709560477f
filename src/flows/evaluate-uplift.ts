import type { Readable } from 'node:stream';
import { badInput } from '../errors.js';
import type { Figure } from '../evaluation/figure.js';
import { seededRandom } from '../evaluation/random.js';
import { againstColumn } from '../evaluation/uplift/against-column.js';
import {
  measureRankings,
  type MeasuredRankings,
  type RankingFigures,
} from '../evaluation/uplift/measure-rankings.js';
import { type UpliftTenth, upliftByTenth } from '../evaluation/uplift/uplift-by-tenth.js';
import { didYouMean, quoted, quotedList } from '../files/closest-name.js';
import type { CsvLayout } from '../files/header.js';
import { openFile } from '../files/open-file.js';
import { type StrictColumns, readStrictColumns } from '../files/read-strict-columns.js';
import { takeRows } from '../strategies/ml/table.js';
import { baseEstimators } from '../strategies/ml/uplift/base-estimators.js';
import type { Base, LearnerName, TrialTable } from '../strategies/ml/uplift/learner.js';
import { learnerNames, upliftLearners } from '../strategies/ml/uplift/learners.js';
import {
  bestColumn,
  outcomesOf,
  type SingleColumn,
  singleColumns,
} from '../strategies/ml/uplift/single-columns.js';
import { columnsAsTable, labelsOf } from './columns-as-table.js';
import { type FileSplit, learningRows, splitNotes } from './split-file-rows.js';

/** A finished trial in a file, and what is asked about it. */
export interface UpliftQuestion extends CsvLayout {
  readonly path: string;
  readonly arm: string;
  readonly treated: string;
  readonly control: string;
  /** Column of 1 and 0. */
  readonly outcome: string;
  readonly features: readonly string[];
  readonly learners: readonly LearnerName[];
  readonly estimator: string;
  /** As JSON, checked by the estimator. */
  readonly settings?: unknown;
  readonly split: FileSplit;
  readonly seed: string;
  /** Share on top, in (0, 1]. */
  readonly top: number;
  /** Share of the two arms' recipients that was meant to be treated, in (0, 1). */
  readonly treatedShare: number;
  /** Samples of the bootstrap. */
  readonly samples: number;
}

export interface UpliftEvaluation {
  readonly protocol: readonly string[];
  readonly recipients: { readonly learned: ArmSizes; readonly measured: ArmSizes };
  /** Effect of treating everybody who was measured. */
  readonly everybody: Figure;
  readonly learners: readonly { readonly name: LearnerName; readonly figures: RankingFigures | Refused }[];
  /** Best first. */
  readonly columns: readonly { readonly name: string; readonly figures: RankingFigures }[];
  /** By the first learner that could learn, if there is one. */
  readonly tenths?: { readonly learner: LearnerName; readonly rows: readonly UpliftTenth[] };
  /** What it comes to, in sentences. */
  readonly verdict: readonly string[];
}

export interface ArmSizes {
  readonly treated: number;
  readonly control: number;
}

interface Refused {
  readonly refused: true;
  readonly code: string;
  readonly reason: string;
}

export const upliftNames = { learners: learnerNames, estimators: [...baseEstimators.keys()] };

/**
 * Learns who gains by a treatment from a part of a trial and measures it on the rest, beside every single column. No database.
 *
 * @throws bad_input for a file or question that does not fit.
 */
export async function evaluateUplift(
  question: UpliftQuestion,
  io: { readonly stdin?: Readable; readonly signal?: AbortSignal } = {},
): Promise<UpliftEvaluation> {
  const base = baseOf(question);
  refuseOddColumns(question);
  const file = await openFile(question.path, io);
  const wanted = [...new Set([question.arm, question.outcome, ...question.features])];
  const read = await readStrictColumns(file, wanted, question);
  const { train, test } = trialsOf(question, read);
  const models = question.learners.map((name) => ({
    name,
    ...upliftLearners[name].fit(train, base, question.seed),
  }));
  const singles = singleColumns(test.table);
  const best = bestColumn(singles, train);
  const learned = models.flatMap((one) => ('model' in one ? [one] : []));
  // Learners first, then the columns: so are the rankings below.
  const scores = [
    ...learned.map(({ model }) => model.predict(test.table)),
    ...singles.map((one) => one.scoresOf(test.table)),
  ];
  const place = best === undefined ? -1 : learned.length + singles.indexOf(best);
  const pairs = learned.map((_, i) => [i, place] as const);
  const measured = measuredOr(scores, test, question, pairs);
  return {
    protocol: protocolOf(question, file.name, read.rows, test),
    recipients: { learned: sizesOf(train), measured: sizesOf(test) },
    everybody: everybodyOf(test, question),
    learners: models.map((one) =>
      'refused' in one
        ? { name: one.name, figures: { refused: true, code: one.code, reason: one.reason } }
        : { name: one.name, figures: measured.rankings[learned.indexOf(one)] as RankingFigures },
    ),
    columns: bestFirst(singles, measured.rankings.slice(learned.length)),
    ...tenthsOf(learned[0]?.name, scores[0], test),
    verdict: verdictOf(learned, best, place, measured),
  };
}

function bestFirst(columns: readonly SingleColumn[], rankings: readonly RankingFigures[]) {
  return columns
    .map(({ name }, i) => ({ name, figures: rankings[i] as RankingFigures }))
    .sort((a, b) => valueOf(b.figures.qini) - valueOf(a.figures.qini));
}

/** None where nobody learned, or where they cannot be had. */
function tenthsOf(
  learner: LearnerName | undefined,
  scores: Float64Array | undefined,
  test: TrialTable,
): Pick<UpliftEvaluation, 'tenths'> {
  if (learner === undefined || scores === undefined) return {};
  const rows = upliftByTenth(scores, outcomesOf(test), 0.95);
  return 'refused' in rows ? {} : { tenths: { learner, rows } };
}

const valueOf = (figure: Figure): number => ('refused' in figure ? -Infinity : figure.value);

function baseOf({ estimator: name, settings }: UpliftQuestion): Base {
  const estimator = baseEstimators.get(name);
  if (!estimator) {
    throw badInput(
      'unknown_estimator',
      `There is no estimator ${quoted(name)}.${didYouMean(name, upliftNames.estimators)} There are ${quotedList(upliftNames.estimators)}.`,
    );
  }
  const parsed = estimator.parse(settings ?? {});
  if (parsed.ok) return { estimator, settings: parsed.value };
  throw badInput('unfit_settings', `The settings of ${name} do not fit.`, parsed.problems);
}

function refuseOddColumns({ features, arm, outcome, treated, control }: UpliftQuestion): void {
  if (treated === control)
    throw badInput('same_arms', `Treated and control are both ${quoted(treated)}: name two different arms.`);
  if (arm === outcome)
    throw badInput('odd_outcome', `The column ${quoted(arm)} cannot be both the arm and the outcome.`);
  if (features.length === 0) throw badInput('no_features', 'Name at least one feature.');
  const odd = features.find((name, i) => name === arm || name === outcome || features.indexOf(name) !== i);
  if (odd === undefined) return;
  const why =
    odd === arm || odd === outcome
      ? 'is the arm or the outcome, which nobody knows beforehand'
      : 'is named twice';
  throw badInput('odd_feature', `The feature ${quoted(odd)} ${why}: leave it out.`);
}

/** Both parts of the trial; whoever is in another arm takes no part. */
function trialsOf(question: UpliftQuestion, { columns, rows }: StrictColumns) {
  const column = (name: string): readonly string[] => columns.get(name) ?? [];
  const arms = column(question.arm);
  for (const arm of [question.treated, question.control]) {
    if (arms.includes(arm)) continue;
    const known = [...new Set(arms)].slice(0, 50);
    throw badInput(
      'file_no_arm',
      `Nobody is in the arm ${quoted(arm)}.${didYouMean(arm, known)} Column ${quoted(question.arm)} holds ${quotedList(known, 10)}.`,
    );
  }
  const own = Int32Array.from(arms.keys()).filter(
    (row) => arms[row] === question.treated || arms[row] === question.control,
  );
  const labels = labelsOf(question.outcome, column(question.outcome), own);
  const table = columnsAsTable(question.features, question.features.map(column), own);
  const learns = learningRows(question.split, rows, question.seed);
  const part = (learning: number): TrialTable => {
    const places = Int32Array.from(own.keys()).filter((place) => learns[own[place] as number] === learning);
    return {
      table: takeRows(table, places),
      treated: Uint8Array.from(places, (place) => (arms[own[place] as number] === question.treated ? 1 : 0)),
      labels: Uint8Array.from(places, (place) => labels[place] as number),
      treatedShare: question.treatedShare,
    };
  };
  return { train: part(1), test: part(0) };
}

function measuredOr(
  scores: readonly Float64Array[],
  test: TrialTable,
  question: UpliftQuestion,
  pairs: readonly (readonly [number, number])[],
): MeasuredRankings {
  const measured = measureRankings(scores, outcomesOf(test), {
    share: question.top,
    resampling: { samples: question.samples, level: 0.95 },
    random: seededRandom(`${question.seed}:bootstrap`),
    pairs,
  });
  if ('refused' in measured)
    throw badInput(
      `uplift_${measured.code}`,
      `Nothing can be measured on the rows that are held out (split ${question.split}, outcome ${quoted(question.outcome)}): ${measured.reason}`,
    );
  return measured;
}

/** Everybody on top: the effect on all of them. */
function everybodyOf(test: TrialTable, question: UpliftQuestion): Figure {
  const all = measuredOr([new Float64Array(test.table.rows)], test, { ...question, top: 1 }, []);
  return (all.rankings[0] as RankingFigures).upliftAt.overall;
}

function verdictOf(
  learners: readonly { readonly name: LearnerName }[],
  best: SingleColumn | undefined,
  place: number,
  measured: MeasuredRankings,
): string[] {
  if (learners.length === 0) return ['No learner could learn, so there is nothing to compare.'];
  if (!best) return ['There is no single column to compare with.'];
  return learners.map(({ name }, i) =>
    againstColumn({
      learner: name,
      column: best.name,
      learnerQini: (measured.rankings[i] as RankingFigures).qini,
      columnQini: (measured.rankings[place] as RankingFigures).qini,
      difference: measured.differences[i] as Figure,
    }),
  );
}

function sizesOf({ treated }: TrialTable): ArmSizes {
  const some = treated.reduce((sum, arm) => sum + arm, 0);
  return { treated: some, control: treated.length - some };
}

function protocolOf(question: UpliftQuestion, name: string, rows: number, { table }: TrialTable): string[] {
  const columns = table.columns.map((one) => (one.type === 'number' ? one.name : `${one.name} (${one.categories.length} categories)`)); // prettier-ignore
  const count = (n: number): string => n.toLocaleString('en-US');
  return [
    `File: ${name}, ${count(rows)} rows; treated: ${question.treated}; control: ${question.control}; outcome: ${question.outcome}.`,
    `Split: ${splitNotes[question.split]} (counted before other arms are left out).${question.split === 'random' ? ' Random: rows that belong together in time stand on both sides, which flatters.' : ''}`,
    `Features: ${columns.join(', ')}. Estimator: ${question.estimator}; treated by design: ${question.treatedShare}; seed: ${question.seed}.`,
    'Qini, uplift AUC: area over the line of a random ranking, as a share of that of a perfect ranking, with points at distinct scores (scikit-uplift).',
    'Qini area: the same area, not normalised, with recipients as shares and outcomes for each treated recipient.',
    `Uplift@${question.top * 100}%: treated less control among the first floor(n × ${question.top}) of all; the same score in the order of the rows.`,
    `Intervals: 95 %, percentiles of ${question.samples} samples of the measured recipients; the same samples for all rankings.`,
  ];
}
