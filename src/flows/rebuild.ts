import type { Knex } from 'knex';
import { addToCells, deleteCells, selectCells } from '../database/cells.js';
import { selectAllExperiments } from '../database/experiments.js';
import { type FactsChange, lockAllFacts, type StoredFacts, writeFacts } from '../database/facts.js';
import { type FullHistory, fullHistories } from '../database/questions/full-histories.js';
import { addSendDays, deleteSendDays } from '../database/send-days.js';
import { inTransaction } from '../database/transaction.js';
import { CellSheet } from '../engagement/cells.js';
import { type Facts, factsOf } from '../engagement/facts.js';
import { encodeHistory, inOrder, toHistoryEvent } from '../engagement/history.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { cellDifferences } from './cell-differences.js';
import type { Context } from './context.js';
import { eventKey } from './event-key.js';
import { findExperiment } from './find-experiment.js';
import { LatestSends } from './latest-sends.js';
import { type Rules, rulesOf } from './rule-book.js';

export interface RebuildResult {
  readonly experiment: string;
  readonly recipients: number;
  readonly cells: number;
  /** What was different from before, as sentences: the first twenty, and how many there were. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

export type Progress = (experiment: string, recipients: number) => void;

const batchSize = 2_000;
const mostDifferences = 20;

/**
 * Makes facts and cells again from enrolments and raw events, and says what was different: nothing, unless somebody has
 * changed the database by hand or there is a bug. One transaction per experiment: interrupted, it leaves everything as it
 * was, and can simply be started again.
 */
export async function rebuild(ctx: Context, progress?: Progress): Promise<RebuildResult[]> {
  const results: RebuildResult[] = [];
  for (const { key } of await selectAllExperiments(ctx.db)) {
    results.push(
      await inTransaction(ctx.db, async (trx) => {
        const experiment = await findExperiment({ db: trx }, key, 'alone');
        return rebuildExperiment(trx, experiment, progress);
      }),
    );
  }
  return results;
}

/**
 * The same for one experiment, within a transaction that has its row to itself. Nobody may enrol or record meanwhile: what
 * they changed would be theirs and not ours to report. They wait until the transaction ends.
 */
export async function rebuildExperiment(
  trx: Knex,
  experiment: StoredExperiment,
  progress?: Progress,
): Promise<RebuildResult> {
  await lockAllFacts(trx);
  // The big joins read everything once; the embedded engine's memory is small, so hash tables get no more than this.
  await trx.raw("set local work_mem = '128MB'");
  const rules = rulesOf(experiment);
  const sheet = new CellSheet(rules.facts);
  const sends = new LatestSends();
  const differences: string[] = [];
  let differenceCount = 0;
  const note = (found: readonly string[]): void => {
    differenceCount += found.length;
    differences.push(...found.slice(0, mostDifferences - differences.length));
  };
  let recipients = 0;
  for await (const histories of fullHistories(trx, experiment.key, [...rules.needs.types], batchSize)) {
    const made = histories.map((history) => remake(rules, history));
    for (const { stored, facts } of made) {
      sheet.add(stored.place, facts);
      sends.add(experiment.key, facts.lastSentAt);
    }
    const changed = made.filter((one) => one.differences.length > 0);
    note(changed.flatMap((one) => one.differences));
    await writeFacts(trx, changed);
    recipients += made.length;
    progress?.(experiment.key, recipients);
  }
  const cells = sheet.cells();
  note(cellDifferences(cells, await selectCells(trx, experiment.key)));
  await deleteSendDays(trx, experiment.key);
  await addSendDays(trx, sends.days());
  await deleteCells(trx, experiment.key);
  await addToCells(trx, experiment.key, cells);
  return { experiment: experiment.key, recipients, cells: cells.size, differences, differenceCount };
}

interface Remade extends FactsChange {
  readonly stored: StoredFacts;
  readonly differences: readonly string[];
}

/** The facts of one recipient made again from all raw events, and how they differ from what is stored. */
function remake(rules: Rules, { stored, events }: FullHistory): Remade {
  const kept = inOrder(
    events.flatMap(({ event, wave }) => toHistoryEvent(event, rules.needs, eventKey, wave) ?? []),
  );
  const history = encodeHistory(kept);
  const facts = kept.length === 0 ? rules.nothing : factsOf(rules.facts, stored.enrolledAt, kept);
  const differences: string[] = [];
  const before = stored.facts ?? rules.nothing;
  if (history !== (stored.history ?? '')) {
    differences.push(`history of ${stored.recipientKey}: ${stored.history ?? 'none'} should be ${history}`);
  }
  if (factsText(facts) !== factsText(before)) {
    differences.push(
      `outcomes of ${stored.recipientKey}: ${factsText(before)} should be ${factsText(facts)}`,
    );
  }
  return { id: stored.id, history, facts, stored, differences };
}

function factsText({ stations, y, d, x }: Facts): string {
  return `stations ${stations}, y ${y.join(' ')}, d ${d.join(' ')}, x ${x.join(' ')}`;
}
