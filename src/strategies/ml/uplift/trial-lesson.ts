import { seededRandom } from '../../../evaluation/random.js';
import type { LearningLog, NothingLearned, Trial, TrialRow } from '../../strategy.js';
import { type FeatureSet, featureSet, traitsAt } from '../features.js';
import { namedColumns } from '../feature-groups.js';
import { type Cell, tableOf } from '../table.js';
import type { TrialTable } from './learner.js';

/** Which trial is learned from, and what is seen of its recipients. */
export interface TrialQuestion {
  readonly experiment: string;
  readonly metric: string;
  /** Arm keys. */
  readonly treated: string;
  readonly control: string;
  readonly features: readonly string[];
}

export interface TrialLesson {
  readonly features: FeatureSet;
  readonly training: TrialTable;
  readonly holdOut: TrialTable;
  /** Cells of the held-out rows, for models of other columns. */
  readonly heldOutRows: readonly TrialRow[];
  readonly heldOutBy: 'fold' | 'seed';
  /** Recipients of both arms whose outcome is not known yet. */
  readonly open: number;
}

/** Folds from this one on are held out: three tenths of the recipients. */
const firstHeldOutFold = 14;
const folds = 20;
/** Fewer tell nothing that an interval would not deny. */
const fewest = { recipients: 30, outcomes: 10 } as const;

/**
 * The recipients of two arms with their features as of the enrolment and whether the metric was above 0, split by the fold of
 * the experiment, or by chance where rows have none.
 */
export function trialLesson(
  question: TrialQuestion,
  log: Pick<LearningLog, 'histories' | 'traits' | 'trials'>,
  clock: Date,
  seed: string,
): TrialLesson | NothingLearned {
  const arms = twoArms(question, log);
  if ('refused' in arms) return arms;
  const { trial, treated, control } = arms;
  const both = trial.rows.filter(
    ({ arm, at }) => (arm === treated || arm === control) && at < clock.getTime(),
  );
  const closed = both.filter(({ outcomes }) => Object.hasOwn(outcomes, question.metric));
  const byFold = closed.every(({ fold }) => fold !== undefined);
  const held = heldOut(closed, byFold, seed);
  const [training, holdOut] = [
    closed.filter((_, i) => held[i] !== true),
    closed.filter((_, i) => held[i] === true),
  ];
  const share = (place: number): number => trial.shares[place] ?? 0;
  const treatedShare = share(treated) / (share(treated) + share(control));
  const earliest = Math.min(clock.getTime(), ...closed.map(({ at }) => at));
  const names = namedColumns(question.features, log.histories.values(), earliest);
  const features = featureSet(names);
  const tableFrom = (rows: readonly TrialRow[]): TrialTable => ({
    table: tableOf(names, cellsOfRows(features, log, rows)),
    treated: Uint8Array.from(rows, ({ arm }) => (arm === treated ? 1 : 0)),
    labels: Uint8Array.from(rows, ({ outcomes }) => ((outcomes[question.metric] ?? 0) > 0 ? 1 : 0)),
    treatedShare,
  });
  const lesson = { training: tableFrom(training), holdOut: tableFrom(holdOut) };
  const few = tooFew(lesson.training, 'to learn from') ?? tooFew(lesson.holdOut, 'to measure on');
  const open = both.length - closed.length;
  return few ?? { features, ...lesson, heldOutRows: holdOut, open, heldOutBy: byFold ? 'fold' : 'seed' };
}

/** The trial that is asked about, with the places of its two arms. */
function twoArms(
  { experiment, treated, control }: TrialQuestion,
  { trials }: Pick<LearningLog, 'trials'>,
): { readonly trial: Trial; readonly treated: number; readonly control: number } | NothingLearned {
  const trial = trials.get(experiment);
  if (!trial)
    return nothing('no_trial', `Nothing is known of an experiment "${experiment}" before this moment.`);
  const missing = [treated, control].find((key) => !trial.arms.includes(key));
  if (missing !== undefined)
    return nothing(
      'no_arm',
      `The experiment "${experiment}" has no arm "${missing}"; its arms are ${trial.arms.join(', ')}.`,
    );
  return { trial, treated: trial.arms.indexOf(treated), control: trial.arms.indexOf(control) };
}

/** Cells of each row as of its enrolment; what was said of a recipient in the very call that enrolled them is known. */
export function cellsOfRows(
  features: FeatureSet,
  { histories, traits }: Pick<LearningLog, 'histories' | 'traits'>,
  rows: readonly TrialRow[],
): Cell[][] {
  return rows.map(({ recipient, at }) =>
    features.row(histories.get(recipient) ?? [], at, traitsAt(traits.get(recipient), at + 1)),
  );
}

function heldOut(rows: readonly TrialRow[], byFold: boolean, seed: string): boolean[] {
  if (byFold) return rows.map(({ fold = 0 }) => fold >= firstHeldOutFold);
  // By the recipient, so that nobody changes sides when others are added.
  return rows.map(({ recipient }) => seededRandom(`${seed}:${recipient}`).next() * folds >= firstHeldOutFold);
}

function tooFew({ treated, labels }: TrialTable, why: string): NothingLearned | undefined {
  const some = treated.reduce((sum, one) => sum + one, 0);
  const outcomes = labels.reduce((sum, one) => sum + one, 0);
  const fewestOf = Math.min(some, treated.length - some);
  if (fewestOf < fewest.recipients) {
    return nothing(
      'too_few',
      `An arm has ${fewestOf} recipients ${why} whose windows have closed; ${fewest.recipients} are the least. Wait until more have.`,
    );
  }
  const rarer = Math.min(outcomes, labels.length - outcomes);
  if (rarer >= fewest.outcomes) return undefined;
  return nothing(
    'one_label',
    `Of ${labels.length} recipients ${why} ${outcomes} have the outcome; at least ${fewest.outcomes} must have it and ${fewest.outcomes} not.`,
  );
}

const nothing = (code: string, reason: string): NothingLearned => ({ refused: true, code, reason });
