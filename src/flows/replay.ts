import { loggedDecisions, type LoggedDecision } from '../database/questions/logged-decisions.js';
import { selectManifests } from '../database/manifests.js';
import { armsOf } from '../experiments/arms.js';
import type { Experiment } from '../experiments/experiment.js';
import { contentHash } from '../strategies/content-hash.js';
import { type ArmContent, decideAll, type DecisionInputs, type Undecided } from './arm-contents.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { type LoadedArm, loadArms } from './load-arms.js';
import type { Progress } from './rebuild.js';

export interface ReplayResult {
  readonly experiment: string;
  /** Decisions made again. */
  readonly decisions: number;
  /** Decisions from before there was a ledger: what they were made from was not kept. */
  readonly withoutInputs: number;
  readonly differenceCount: number;
  /** The first ten, as sentences. */
  readonly differences: readonly string[];
}

const pageSize = 2_000;
const mostShown = 10;

/**
 * Makes every decision of an experiment again, from what the ledger kept of its inputs and from its manifest, and compares
 * what was stored with what comes out. Changes nothing.
 *
 * @throws not_found `experiment_not_found`.
 */
export async function replay(ctx: Context, key: string, progress?: Progress): Promise<ReplayResult> {
  const { factors } = await findExperiment(ctx, key);
  const keys = armsOf(factors).map((arm) => arm.key);
  const arms = new Map<string, LoadedArm | string>();
  const differences: string[] = [];
  let decisions = 0;
  let withoutInputs = 0;
  let differenceCount = 0;
  let after = '';
  for (;;) {
    const page = await loggedDecisions(ctx.db, key, after, pageSize);
    if (page.length === 0) break;
    const rows = page.filter((row) => row.manifest !== null && row.decidedAt !== null);
    withoutInputs += page.length - rows.length;
    decisions += rows.length;
    await addArms(ctx, rows, arms);
    for (const difference of differencesOf(rows, arms, keys)) {
      differenceCount += 1;
      if (differences.length < mostShown) differences.push(difference);
    }
    after = page.at(-1)?.recipientKey ?? after;
    progress?.(key, decisions + withoutInputs);
  }
  return { experiment: key, decisions, withoutInputs, differenceCount, differences };
}

/** How these decisions come out when they are made again, where that differs: a sentence for each. */
export async function replayRows(
  ctx: Context,
  rows: readonly LoggedDecision[],
  factors: Experiment['factors'],
): Promise<string[]> {
  const arms = new Map<string, LoadedArm | string>();
  await addArms(ctx, rows, arms);
  const keys = armsOf(factors).map((arm) => arm.key);
  return differencesOf(rows, arms, keys);
}

/** A manifest that is not what its hash says, or whose parts are not there, stands as the reason. */
async function addArms(
  ctx: Context,
  rows: readonly LoggedDecision[],
  arms: Map<string, LoadedArm | string>,
): Promise<void> {
  const hashes = [...new Set(rows.flatMap(({ manifest }) => manifest ?? []))].filter((h) => !arms.has(h));
  const manifests = await selectManifests(ctx.db, hashes);
  for (const hash of hashes) {
    const manifest = manifests.get(hash);
    if (!manifest) arms.set(hash, 'its manifest is missing');
    else if (contentHash(manifest) !== hash) arms.set(hash, 'its manifest was changed');
    else {
      const loaded = await loadArms(ctx.db, [manifest]).catch((error: unknown) => String(error));
      arms.set(hash, typeof loaded === 'string' ? loaded : (loaded[0] ?? 'its manifest is empty'));
    }
  }
}

function differencesOf(
  rows: readonly LoggedDecision[],
  arms: ReadonlyMap<string, LoadedArm | string>,
  keys: readonly string[],
): string[] {
  const known = rows.flatMap((row) => {
    const arm = arms.get(row.manifest ?? '');
    return arm === undefined || typeof arm === 'string' ? [] : [{ row, arm }];
  });
  const made = decideAll(
    known.map(({ row, arm }) => ({ arm, inputs: inputsOf(row), at: new Date(row.decidedAt ?? 0) })),
  );
  const again = new Map(known.map(({ row }, i) => [row, made[i]]));
  return rows.flatMap((row) => {
    const arm = arms.get(row.manifest ?? '') ?? 'its manifest is missing';
    const different = typeof arm === 'string' ? [arm] : differences(row, arm, again.get(row), keys);
    return different.length === 0 ? [] : [`${row.id ?? row.recipientKey}: ${different.join('; ')}`];
  });
}

function inputsOf({ inputs }: LoggedDecision): DecisionInputs {
  return (inputs ?? { traits: {}, history: [] }) as DecisionInputs;
}

function differences(
  row: LoggedDecision,
  { manifest }: LoadedArm,
  again: ArmContent | Undecided | undefined,
  keys: readonly string[],
): string[] {
  if (!again || !('slots' in again)) return ['nothing is delivered now'];
  const ofAnother = manifest.experiment !== row.experiment || manifest.arm !== keys[row.arm];
  return [
    ...(ofAnother ? [`its manifest is that of ${manifest.experiment} ${manifest.arm}`] : []),
    ...(contentHash(row.slots) === row.contentHash ? [] : ['the content that was delivered was changed']),
    ...compare(row, again),
  ];
}

const compared = [
  'assignedStrategy',
  'deliveredStrategy',
  'delivered',
  'fallbackReason',
  'withheld',
  'contentHash',
  'slots',
  'reason',
  'probability',
  'items',
  'trace',
] as const;

const textOf = (json: unknown): string | null => (json === null ? null : JSON.stringify(json));

function compare(row: LoggedDecision, again: ArmContent): string[] {
  const stored = { ...row, items: textOf(row.items), trace: textOf(row.trace) };
  return compared.flatMap((field) => {
    const [before, now] = [JSON.stringify(stored[field]), JSON.stringify(again[field])];
    return before === now ? [] : [`${field} was ${before}, is ${now}`];
  });
}
