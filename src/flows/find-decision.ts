import { loggedDecision } from '../database/questions/logged-decisions.js';
import { selectManifests } from '../database/manifests.js';
import { notFound } from '../errors.js';
import { armsOf } from '../experiments/arms.js';
import type { Slots } from '../experiments/experiment.js';
import type { Manifest } from '../strategies/manifest.js';
import type { Json, ScoredItem } from '../strategies/strategy.js';
import type { DecisionInputs } from './arm-contents.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { loadArms } from './load-arms.js';
import { traceOf } from './preview-arms.js';
import { replayRows } from './replay.js';

/** A row of the ledger, with the whole trace made again. */
export interface DecisionRecord {
  readonly id: string;
  readonly experiment: string;
  readonly arm: string;
  readonly recipientKey: string;
  readonly decidedAt: string;
  readonly slots: Slots;
  readonly items?: readonly ScoredItem[];
  readonly delivered: 'strategy' | 'fallback';
  readonly assignedStrategy: string | null;
  readonly deliveredStrategy: string | null;
  readonly reason: string;
  readonly fallbackReason?: string;
  /** Nothing was to be sent, by the strategy's own choice. */
  readonly withheld?: true;
  readonly probability: number;
  /** The steps of the fallback chain, as `[who, what came of it]`; absent: the first one delivered. */
  readonly chain?: readonly (readonly [string, string])[];
  /** Why, in brief, as it was kept when it was decided; absent: the reason says it all. */
  readonly gist?: Json;
  readonly manifest: Manifest & { readonly hash: string };
  readonly inputs: DecisionInputs | null;
  readonly trace: Json;
  /** How it comes out when it is made again, where that differs. */
  readonly differences: readonly string[];
}

/** @throws not_found `decision_not_found`. */
export async function findDecision(ctx: Context, id: string): Promise<DecisionRecord> {
  const row = /^d_[\w-]{27}$/.test(id) ? await loggedDecision(ctx.db, id) : undefined;
  const hash = row?.manifest ?? '';
  const manifest = row && (await selectManifests(ctx.db, [hash])).get(hash);
  if (!row || !manifest || row.decidedAt === null)
    throw notFound('decision_not_found', `There is no decision "${id}".`);
  const { factors } = await findExperiment(ctx, row.experiment);
  // Where a part is missing or changed the row is shown all the same, and `differences` say so.
  const [arm] = await loadArms(ctx.db, [manifest]).catch(() => []);
  const inputs = row.inputs as DecisionInputs | null;
  return {
    id,
    experiment: row.experiment,
    arm: armsOf(factors)[row.arm]?.key ?? String(row.arm),
    recipientKey: row.recipientKey,
    decidedAt: row.decidedAt.toISOString(),
    slots: row.slots,
    ...(row.items && { items: row.items.map(([item, score, reason]) => ({ item, score, reason })) }),
    delivered: row.delivered,
    assignedStrategy: row.assignedStrategy,
    deliveredStrategy: row.deliveredStrategy,
    reason: row.reason,
    ...(row.fallbackReason !== null && { fallbackReason: row.fallbackReason }),
    ...(row.withheld && { withheld: true }),
    probability: row.probability,
    ...(row.trace !== null &&
      (row.delivered === 'fallback'
        ? { chain: row.trace as [string, string][] }
        : { gist: row.trace as Json })),
    manifest: { ...manifest, hash },
    inputs,
    trace: arm && inputs ? traceOf(arm, inputs, row.decidedAt) : null,
    differences: await replayRows(ctx, [row], factors),
  };
}
