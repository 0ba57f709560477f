import { draw, prepareSplit } from '../assignment/draw.js';
import { selectAllExperiments } from '../database/experiments.js';
import { enrolledPage, type EnrolledRecipient } from '../database/questions/enrolled-page.js';
import { armsOf } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { Context } from './context.js';
import type { Progress } from './rebuild.js';

export interface AuditResult {
  readonly experiment: string;
  /** Enrolments recomputed. */
  readonly recipients: number;
  /** Enrolments whose recipient id is no longer known, which cannot be recomputed. */
  readonly withoutIdentity: number;
  /** The first enrolment that does not come out as stored, as a sentence. */
  readonly firstDifference?: string;
  readonly differenceCount: number;
}

const pageSize = 5_000;

/** Recomputes the arm and fold of every stored enrolment from the recipient's id, and its pseudonym with them. */
export async function audit(ctx: Context, progress?: Progress): Promise<AuditResult[]> {
  const results: AuditResult[] = [];
  for (const experiment of await selectAllExperiments(ctx.db)) {
    results.push(await auditExperiment(ctx, experiment, progress));
  }
  return results;
}

async function auditExperiment(
  ctx: Context,
  experiment: StoredExperiment,
  progress?: Progress,
): Promise<AuditResult> {
  const check = checker(ctx, experiment);
  let recipients = 0;
  let withoutIdentity = 0;
  let differenceCount = 0;
  let firstDifference: string | undefined;
  let after = '';
  for (;;) {
    const page = await enrolledPage(ctx.db, experiment.key, after, pageSize);
    if (page.length === 0) break;
    for (const row of page) {
      if (row.recipientId === null) withoutIdentity += 1;
      else {
        recipients += 1;
        const difference = check(row, row.recipientId);
        if (difference !== undefined) differenceCount += 1;
        firstDifference ??= difference;
      }
    }
    after = page.at(-1)?.recipientKey ?? after;
    progress?.(experiment.key, recipients + withoutIdentity);
  }
  return {
    experiment: experiment.key,
    recipients,
    withoutIdentity,
    differenceCount,
    ...(firstDifference !== undefined && { firstDifference }),
  };
}

function checker(
  ctx: Context,
  experiment: StoredExperiment,
): (row: EnrolledRecipient, id: string) => string | undefined {
  const { salt, allocation, factors } = experiment;
  const split = prepareSplit({ salt, weights: allocation.weights, traffic: allocation.traffic });
  const arms = armsOf(factors).map((arm) => arm.key);
  return (row, id) => {
    if (ctx.pseudonyms.recipientKey(id) !== row.recipientKey)
      return `${row.recipientKey}: the pseudonym is not that of the id`;
    const drawn = draw(split, id);
    if ('error' in drawn) return `${row.recipientKey}: ${drawn.message}`;
    if (!drawn.exposed) return `${row.recipientKey}: is enrolled, but not drawn to take part`;
    if (drawn.arm !== row.arm) {
      return `${row.recipientKey}: stored in arm ${arms[row.arm] ?? row.arm}, drawn to ${arms[drawn.arm] ?? drawn.arm}`;
    }
    if (drawn.fold !== row.fold)
      return `${row.recipientKey}: stored in fold ${row.fold}, drawn to ${drawn.fold}`;
    return undefined;
  };
}
