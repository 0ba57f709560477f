import { badInput, conflict } from '../errors.js';
import type { ComparedCandidates } from '../strategies/model-report.js';
import type { Tell } from '../strategies/strategy.js';
import { findLearner, findSnapshot, loadLog } from './learn-strategy.js';
import type { LearnerContext } from './learner.js';
import { kindOf } from './load-parts.js';
import { refuseFuture } from './refuse-future.js';

export interface CandidatesAsked {
  /** `name`, for the newest version, `name@version`, or `sha256:…`. */
  readonly reference: string;
  /** Nothing at it or later is looked at (ISO 8601); now, unless said. */
  readonly clock?: string;
  readonly seed?: string;
  readonly folds?: number;
  /** Content hash of the snapshot; the newest, unless said. */
  readonly catalogue?: string;
}

export interface CandidatesAnswer extends ComparedCandidates {
  readonly of: string;
  readonly kind: string;
  readonly clock: string;
  readonly seed: string;
  readonly recipients: number;
  readonly events: number;
}

/** The folds of a comparison, unless said. */
export const usualFolds = 5;

/**
 * Every estimator that a strategy could learn by, side by side on the rows that it would learn from now. Writes nothing: no
 * model, no run.
 *
 * @throws as `learnStrategy`; bad_input `compares_nothing`, `invalid_folds`; conflict where a kind has nothing to compare by.
 */
export async function compareCandidates(
  ctx: LearnerContext,
  { reference, clock, seed = '', folds = usualFolds, catalogue }: CandidatesAsked,
  tell: Tell = () => undefined,
): Promise<CandidatesAnswer> {
  const at = clock === undefined ? ctx.clock() : new Date(clock);
  refuseFuture(at, ctx.clock());
  if (!Number.isInteger(folds) || folds < 2 || folds > 50)
    throw badInput('invalid_folds', `Folds are a whole number from 2 to 50, not ${folds}.`);
  const version = await findLearner(ctx.db, reference);
  const of = `${version.name}@${version.version}`;
  const kind = kindOf(version);
  if (!kind.compare) {
    const message = `"${of}" is of the kind ${kind.kind}, which does not choose among estimators: compare a strategy that predicts outcomes, such as propensity, churn, next_best_offer or uplift.`;
    throw badInput('compares_nothing', message);
  }
  const snapshot = await findSnapshot(ctx.db, version, catalogue);
  const { log, source } = await loadLog(ctx.db, version, snapshot, at, tell);
  const compared = kind.compare(version.definition, log, at, { seed, folds }, tell);
  if ('refused' in compared)
    throw conflict(compared.code, `"${of}" has nothing to compare by: ${compared.reason}`);
  const { recipients, events } = source;
  return { of, kind: kind.kind, clock: at.toISOString(), seed, recipients, events, ...compared };
}
