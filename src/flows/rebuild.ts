import type { Knex } from 'knex';
import { addToCells, deleteCells, selectCells } from '../database/cells.js';
import { selectAllExperiments } from '../database/experiments.js';
import { type FactsChange, writeFacts } from '../database/facts.js';
import { type FullHistory, fullHistories, outcomesText } from '../database/questions/full-histories.js';
import { lockForRebuild } from '../database/rebuild-locks.js';
import { addSendDays, deleteSendDays } from '../database/send-days.js';
import { inTransaction } from '../database/transaction.js';
import { type Cell, CellSheet } from '../engagement/cells.js';
import { factsOf } from '../engagement/facts.js';
import { encodeHistory, type HistoryEvent, inOrder, toHistoryEvent } from '../engagement/history.js';
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

const batchSize = 1_000;
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
        await lockForRebuild(trx, key);
        const experiment = await findExperiment({ db: trx }, key);
        return rebuildExperiment(trx, experiment, progress);
      }),
    );
  }
  return results;
}

/**
 * The same for one experiment, within a transaction that has locked it for that (`lockForRebuild`): what others changed
 * meanwhile would be theirs and not ours to report.
 */
export async function rebuildExperiment(
  trx: Knex,
  experiment: StoredExperiment,
  progress?: Progress,
): Promise<RebuildResult> {
  // The big joins read everything once; the embedded engine's memory is small, so hash tables get no more than this.
  await trx.raw("set local work_mem = '128MB'");
  // Each row is computed once: compiling the expressions first takes longer than they do.
  await trx.raw('set local jit = off');
  const rules = rulesOf(experiment);
  const nothing = outcomesText(rules.nothing);
  const sheet = new CellSheet(rules.facts);
  const sends = new LatestSends();
  const found = new Differences();
  let recipients = 0;
  const take = (history: FullHistory): Remade | undefined => {
    const made = remake(rules, nothing, history);
    sheet.add(history.place, made.facts);
    sends.add(experiment.key, made.facts.lastSentAt);
    recipients += 1;
    return made.differences.length > 0 ? made : undefined;
  };
  for await (const made of fullHistories(trx, experiment.key, rules.needs, batchSize, take)) {
    const changed = made.filter((one) => one !== undefined);
    for (const { differences } of changed) found.add(differences);
    await writeFacts(trx, changed);
    progress?.(experiment.key, recipients);
  }
  const cells = sheet.cells();
  found.add(await replaceCells(trx, experiment.key, cells));
  await deleteSendDays(trx, experiment.key);
  await addSendDays(trx, sends.days());
  return {
    experiment: experiment.key,
    recipients,
    cells: cells.size,
    differences: found.first,
    differenceCount: found.count,
  };
}

/** Writes nothing where nothing differs. @returns what did. */
async function replaceCells(
  trx: Knex,
  experiment: string,
  cells: ReadonlyMap<string, Cell>,
): Promise<string[]> {
  const differences = cellDifferences(cells, await selectCells(trx, experiment));
  if (differences.length === 0) return [];
  await deleteCells(trx, experiment);
  await addToCells(trx, experiment, cells);
  return differences;
}

class Differences {
  readonly first: string[] = [];
  count = 0;

  add(sentences: readonly string[]): void {
    this.count += sentences.length;
    this.first.push(...sentences.slice(0, mostDifferences - this.first.length));
  }
}

interface Remade extends FactsChange {
  readonly differences: readonly string[];
}

/** The facts of one recipient made again from all raw events, and how they differ from what is stored. */
function remake(rules: Rules, nothing: string, stored: FullHistory): Remade {
  const { id, recipientKey, enrolledAt } = stored;
  const events: HistoryEvent[] = [];
  for (const { event, wave } of stored.events) {
    const kept = toHistoryEvent(event, rules.needs, eventKey, wave);
    if (kept) events.push(kept);
  }
  const kept = inOrder(events);
  const history = encodeHistory(kept);
  const facts = kept.length === 0 ? rules.nothing : factsOf(rules.facts, enrolledAt, kept);
  const differences: string[] = [];
  if (history !== stored.history) {
    differences.push(`history of ${recipientKey}: ${stored.history || 'none'} should be ${history}`);
  }
  const before = stored.outcomes ?? nothing;
  const outcomes = facts === rules.nothing ? nothing : outcomesText(facts);
  if (outcomes !== before) differences.push(`outcomes of ${recipientKey}: ${before} should be ${outcomes}`);
  return { id, history, facts, differences };
}
