import { closeAlerts, raiseAlert } from '../database/alerts.js';
import { insertChecks, type ModelCheck } from '../database/model-checks.js';
import { selectStrategyVersion } from '../database/strategy-versions.js';
import { inTransaction } from '../database/transaction.js';
import { judgeDrift } from '../strategies/judge-drift.js';
import type { Tell } from '../strategies/strategy.js';
import { championOf, findSnapshot, loadLog } from './learn-strategy.js';
import type { LearnerContext } from './learner.js';
import { kindOf } from './load-parts.js';

/** How a model in use did when it was looked at. */
export interface CheckedNow {
  /** `tea-picks/3`; undefined where the version has no model. */
  readonly model?: string;
  readonly checks: readonly ModelCheck[];
}

/** By what alerts about drift are known; the subject is the strategy version. */
export const driftAlert = 'drift';

/**
 * Holds the model in use of a strategy version against what is seen now, keeps the figures, and raises an alert or closes the
 * one that is over. Changes nothing about which model is in use.
 *
 * @param strategy content hash of the version.
 */
export async function checkModel(ctx: LearnerContext, strategy: string, tell: Tell): Promise<CheckedNow> {
  const version = await selectStrategyVersion(ctx.db, strategy);
  const model = version && (await championOf(ctx.db, version));
  if (!model) return { checks: [] };
  const clock = ctx.clock();
  const kind = kindOf(version);
  // The model knows the items of its own snapshot; what else there is by now is no fault of it.
  const snapshot = await findSnapshot(ctx.db, version, model.source.catalogue).catch(() =>
    findSnapshot(ctx.db, version, undefined),
  );
  const { log } = await loadLog(ctx.db, version, snapshot, clock, tell);
  const { definition } = version;
  const reference = model.report?.reference;
  tell('checking', 0);
  const watched = reference && kind.watch?.(definition, model.state, reference, log, clock);
  const measured = kind.measure?.(definition, model.state, log, clock, model.seed);
  const checks = judgeDrift(model.report, watched, measured);
  const id = `${model.name}/${model.number}`;
  await inTransaction(ctx.db, async (trx) => {
    await insertChecks(trx, model.hash, clock, checks);
    const subject = `${version.name}@${version.version}`;
    const alarming = checks.filter(({ alerting }) => alerting);
    if (alarming.length === 0) {
      await closeAlerts(trx, { kind: driftAlert, subject }, 'over', clock);
      return;
    }
    const message = `${id} no longer fits what it sees: ${alarming.map(spelled).join('; ')}.`;
    const alert = {
      kind: driftAlert,
      subject,
      message,
      detail: { model: id, measures: alarming.map((one) => one.measure) },
    };
    await raiseAlert(trx, { ...alert }, clock);
  });
  return { model: id, checks };
}

function spelled({ measure, value, threshold }: ModelCheck): string {
  const shown = (one: number | null): string =>
    one === null ? 'unknown' : String(Number(one.toPrecision(3)));
  return `${measure} is ${shown(value)}, with ${shown(threshold)} as the limit`;
}
