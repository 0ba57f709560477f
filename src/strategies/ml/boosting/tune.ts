import { seededRandom } from '../../../evaluation/random.js';
import { logLossAt } from '../../../evaluation/classification/mean-loss.js';
import type { FitOptions } from '../estimator.js';
import type { Table } from '../table.js';
import type { BinnedTable } from '../trees/bin-table.js';
import { boost } from './boost.js';
import { holdOut } from './hold-out.js';
import { LogLoss } from './log-loss.js';
import { type Heat, type Race, winnerOf } from './race.js';
import type { BoostingSettings } from './settings.js';

/**
 * Sizes of trees among which `auto` chooses, the smallest first: for very little to be told, for some, and for much. Slow steps
 * and half of the columns for each tree suit all three.
 */
export const sizes = [
  { maxLeaves: 4, minLeafRows: 200 },
  { maxLeaves: 8, minLeafRows: 200 },
  { maxLeaves: 31, minLeafRows: 20 },
].map((size) => ({ ...size, learningRate: 0.05, columnShare: 0.5, trees: 1_000, patience: 20 }));

/** Rows that are held out in all, where there are as many: fewer tell sizes apart by luck, more take long. */
const enoughHeldOut = 10_000;
const mostRounds = 3;

export interface TuningLesson extends Pick<FitOptions, 'weights' | 'tell'> {
  readonly table: Table;
  readonly binned: BinnedTable;
  readonly labels: Uint8Array;
  readonly settings: BoostingSettings;
  readonly seed: string;
}

/** A size on one draw of rows held out. */
export interface SizeHeat extends Heat {
  readonly trees: number;
}

/**
 * Size and number of trees by the log loss of rows held out inside those learned from, so often that enough have been, or one size
 * is clearly ahead: the same rows for every size. All rows are learned from afterwards. Undefined where too few can be held out.
 */
export function tune(
  lesson: TuningLesson,
): { readonly settings: BoostingSettings; readonly note: string } | undefined {
  const race = raceOfSizes(lesson);
  if (!race) return undefined;
  const { contender, heats } = winnerOf(race);
  const trees = heats.reduce((sum, heat) => sum + heat.trees, 0) / heats.length;
  const { maxLeaves, minLeafRows, learningRate, columnShare } = sizes[contender] as (typeof sizes)[number];
  const size = { maxLeaves, minLeafRows, learningRate, columnShare };
  const chosen = { ...size, trees: Math.max(1, Math.round(trees)), validationShare: 0 };
  return {
    settings: { ...lesson.settings, ...chosen },
    note: `Chosen by log loss on rows held out inside those learned from: ${JSON.stringify(chosen)}.`,
  };
}

/** The same lesson, size and round give the same heat, whichever others were run before. */
export function raceOfSizes(lesson: TuningLesson): Race<SizeHeat> | undefined {
  const { labels, settings, seed, tell } = lesson;
  const parts = (round: number) =>
    holdOut(labels, settings.validationShare, seededRandom(`${seed}/tuning ${round}`));
  const held = parts(0).heldOut.length;
  if (held === 0) return undefined;
  const rounds = Math.min(mostRounds, Math.ceil(enoughHeldOut / held));
  let done = 0;
  return {
    contenders: sizes.length,
    rounds,
    run(contender, round, toBeat) {
      tell?.(done, sizes.length * rounds + 1);
      done += 1;
      const random = seededRandom(`${seed}/tuning ${round} ${contender}`);
      return heatOf(lesson, contender, { ...parts(round), random }, toBeat);
    },
  };
}

function heatOf(
  { table, binned, labels, settings, weights }: TuningLesson,
  contender: number,
  drawn: Pick<Parameters<typeof boost>[0], 'learning' | 'heldOut' | 'random'>,
  toBeat: number | undefined,
): SizeHeat | undefined {
  const loss = new LogLoss(labels, weights, drawn.learning);
  const boosted = boost(
    { binned, loss, ...drawn },
    table,
    { ...settings, ...(sizes[contender] as (typeof sizes)[number]) },
    toBeat === undefined ? {} : { givesUp: tooSlowFor(toBeat) },
  );
  if (boosted.gaveUp) return undefined;
  const losses = boosted.heldOutOdds.map((odds, i) =>
    logLossAt(labels[drawn.heldOut[i] as number] as number, odds),
  );
  return {
    losses,
    weights: weights && Float64Array.from(drawn.heldOut, (row) => weights[row] as number),
    trees: boosted.trees.length,
  };
}

/** Over fewer trees the pace is chance. */
const paceTrees = 50;
/** For how many more trees, by those there are, a pace is taken to last: with 1, small trees that come up late were lost. */
const paceLasts = 2;

/**
 * Told the log loss after each tree: true once its lowest would stay above another one even if it kept the pace of the last 50 trees,
 * which only slackens, for twice as many trees again as there are.
 */
export function tooSlowFor(toBeat: number): (logLoss: number) => boolean {
  const lowest: number[] = [];
  return (logLoss) => {
    const low = Math.min(logLoss, lowest.at(-1) ?? Infinity);
    const trees = lowest.push(low) - 1;
    if (trees < paceTrees) return false;
    const pace = ((lowest[trees - paceTrees] as number) - low) / paceTrees;
    return low - paceLasts * trees * pace > toBeat;
  };
}
