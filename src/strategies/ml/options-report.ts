import { calibrationCurve } from '../../evaluation/classification/calibration-curve.js';
import { measurePredictions } from '../../evaluation/classification/measure-predictions.js';
import { hitsGained, type Options, shareOfHits } from '../../evaluation/first-choice.js';
import type { LabelSummary, Measure, ModelReport } from '../model-report.js';
import type { LearningLog } from '../strategy.js';
import { baselinesOf } from './baselines.js';
import { featureUses } from './feature-uses.js';
import { positivesOf } from './labels.js';
import type { Lesson, TaughtOutcome, TaughtOutcomes } from './learn-outcomes.js';
import { asMeasure, comparison, drawsFor, frameOf, heldOutScores } from './outcome-report.js';

const hitDefinition =
  'Of the recipients who did at least one of the outcomes, the share for whom the likeliest one was among those they did. By probability alone: values, costs and conditions, by which offers and actions are chosen as well, do not count here.';

/** hit@1 of these scores on what was held out. */
export function hitMeasure(options: Options, seed: string, how = ''): Measure {
  const measure = { name: 'hit@1', definition: `${how} ${hitDefinition}`.trim() };
  const share = shareOfHits(options, seed, drawsFor(options.scores[0]?.length ?? 0, 1));
  if ('refused' in share) return { ...measure, refused: true, code: share.code, reason: share.reason };
  const { value, interval } = share;
  return { ...measure, value, ...(interval && { interval }), higherIsBetter: true };
}

/** The report of models of several outcomes, of which one is chosen for each recipient. */
export function optionsReport(
  lesson: Lesson,
  taught: TaughtOutcomes,
  log: Pick<LearningLog, 'histories'>,
  clock: Date,
  seed: string,
): ModelReport {
  const { outcomes, heldOutCells } = taught;
  const options: Options = {
    scores: outcomes.map((outcome) => heldOutScores(taught, outcome)),
    taken: outcomes.map(({ heldOut }) => heldOut),
  };
  const simple = simpleScores(taught, log);
  const draws = drawsFor(heldOutCells.length, 1);
  const calibration = pooledCalibration(options);
  const best = outcomes.find(({ model }) => model !== undefined)?.model;
  return {
    ...frameOf(lesson, taught, clock),
    ...(outcomes[0] && { labels: jointLabels(outcomes, outcomes[0].labels) }),
    ...(best && { features: sharedUses(taught) }),
    measures: [
      hitMeasure(options, seed),
      ...outcomes.map((outcome, i) =>
        aucOf(outcome, options.scores[i] ?? new Float64Array(), seed, outcomes.length),
      ),
    ],
    baselines: simple.map(({ name, how, scores }) => ({
      name,
      measures: [hitMeasure({ ...options, scores }, seed, how)],
    })),
    ...(calibration && { calibration }),
    notes: [
      ...untaught(taught),
      ...simple.map(({ name, scores }) => {
        const gained = hitsGained(options, { ...options, scores }, seed, draws);
        return comparison(name, 'hit@1', 'refused' in gained ? undefined : gained);
      }),
    ],
  };
}

function untaught({ outcomes }: TaughtOutcomes): string[] {
  return outcomes.flatMap(({ task, why }) =>
    why ? [`${task.key} has no model, and the same probability for everybody: ${why.reason}`] : [],
  );
}

function aucOf(
  { task, heldOut, labels }: TaughtOutcome,
  scores: Float64Array,
  seed: string,
  n: number,
): Measure {
  const name = `AUC of ${task.key}`;
  const rows = `${labels.outcome}; ${positivesOf(heldOut)} of ${heldOut.length} rows.`;
  const measured = measurePredictions(heldOut, scores, { seed, draws: drawsFor(heldOut.length, n) });
  if ('refused' in measured)
    return { name, definition: rows, refused: true, code: measured.code, reason: measured.reason };
  const [auc] = measured.figures;
  if (!auc) throw new Error('predictions were measured without an AUC');
  return { ...asMeasure(auc), name, definition: `${auc.definition} ${rows}` };
}

interface SimpleScores {
  readonly name: string;
  readonly how: string;
  readonly scores: readonly Float64Array[];
}

/** What everybody did most; and what each did last, or most often, before; popularity where they did none of it. */
export function simpleScores(
  { outcomes, holdOut }: Pick<TaughtOutcomes, 'outcomes' | 'holdOut'>,
  { histories }: Pick<LearningLog, 'histories'>,
): SimpleScores[] {
  const rows = holdOut.recipients.length;
  const popularity = outcomes.map(({ rate }) => new Float64Array(rows).fill(rate));
  const own = outcomes.map(({ task }) => baselinesOf(task, holdOut, histories));
  // A rate is at most 1: a millionth of it only decides between what was done as lately or as often.
  const personal = (name: 'recency' | 'frequency'): Float64Array[] =>
    own.map((each, i) => {
      const scores = each.find((one) => one.name === name)?.scores ?? new Float64Array(rows);
      return scores.map((score) => score + (outcomes[i]?.rate ?? 0) * 1e-6);
    });
  return [
    { name: 'popularity', how: 'What most did, for everybody.', scores: popularity },
    { name: 'recency', how: 'What they did last; popularity for who did none.', scores: personal('recency') },
    {
      name: 'frequency',
      how: 'What they did most often; popularity for who did none.',
      scores: personal('frequency'),
    },
  ];
}

function jointLabels(outcomes: readonly TaughtOutcome[], first: LabelSummary): LabelSummary {
  const keys = outcomes.map(({ task }) => task.key);
  const each = outcomes.map(({ labels }) => labels.positives);
  return {
    ...first,
    outcome: `each of ${keys.join(', ')}`,
    rows: first.rows * outcomes.length,
    positives: each.reduce((sum, n) => sum + n, 0),
  };
}

/** Gain is the mean over the models: each adds up to 1. */
function sharedUses(taught: TaughtOutcomes) {
  const models = taught.outcomes.flatMap(({ model }) => model ?? []);
  const each = models.map((model) => featureUses(taught, model));
  return (each[0] ?? []).map((use, i) => {
    const gains = each.flatMap((uses) => uses[i]?.gain ?? []);
    if (gains.length === 0) return use;
    return { ...use, gain: gains.reduce((sum, gain) => sum + gain, 0) / gains.length };
  });
}

function pooledCalibration({ scores, taken }: Options): ModelReport['calibration'] {
  const labels = Uint8Array.from(taken.flatMap((list) => [...list]));
  const curve = calibrationCurve(labels, Float64Array.from(scores.flatMap((list) => [...list])));
  return 'refused' in curve ? undefined : curve.bins;
}
