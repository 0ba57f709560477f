import type { Knex } from 'knex';
import { deleteCells, addToCells, selectCells } from '../database/cells.js';
import { selectAllExperiments } from '../database/experiments.js';
import { deleteFacts, outcomesToJson, type RecipientFacts, replaceFacts } from '../database/facts.js';
import type { Addressee } from '../database/questions/addressees.js';
import { enrolledPage } from '../database/questions/enrolled-page.js';
import { lockedHistories } from '../database/questions/histories.js';
import { storedFacts } from '../database/questions/stored-facts.js';
import { inTransaction } from '../database/transaction.js';
import { addEnrolment, type Cell, cellKey, type Cells, changeOutcomes } from '../engagement/cells.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { Context } from './context.js';
import { factsOf } from './refresh-facts.js';

export interface RebuildResult {
  readonly experiment: string;
  readonly recipients: number;
  readonly cells: number;
  /** What was different from before, as sentences: the first twenty, and how many there were. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

export type Progress = (experiment: string, recipients: number) => void;

const pageSize = 2_000;
const mostDifferences = 20;

/**
 * Makes messages, outcomes and cells again from enrolments and events, and says what was different: nothing, unless
 * somebody has changed the database by hand or there is a bug. One transaction per experiment: interrupted, it
 * leaves everything as it was, and can simply be started again.
 */
export async function rebuild(ctx: Context, progress?: Progress): Promise<RebuildResult[]> {
  const results: RebuildResult[] = [];
  for (const experiment of await selectAllExperiments(ctx.db)) {
    results.push(await rebuildExperiment(ctx, experiment, progress));
  }
  return results;
}

async function rebuildExperiment(
  ctx: Context,
  experiment: StoredExperiment,
  progress?: Progress,
): Promise<RebuildResult> {
  return inTransaction(ctx.db, async (trx) => {
    // Nobody may enrol or record meanwhile: a difference would be theirs and not ours to report.
    await trx.raw('lock table enrolments, events, messages, outcomes, cells in share row exclusive mode');
    const differences: string[] = [];
    const cells: Cells = new Map();
    let recipients = 0;
    let after = '';
    for (;;) {
      const page = await enrolledPage(trx, experiment.key, after, pageSize);
      if (page.length === 0) break;
      differences.push(...(await rebuildPage(trx, experiment, page, cells)));
      recipients += page.length;
      after = page.at(-1)?.recipientKey ?? after;
      progress?.(experiment.key, recipients);
    }
    differences.push(...cellDifferences(cells, await selectCells(trx, experiment.key)));
    await deleteCells(trx, experiment.key);
    await addToCells(trx, experiment.key, cells);
    return {
      experiment: experiment.key,
      recipients,
      cells: cells.size,
      differences: differences.slice(0, mostDifferences),
      differenceCount: differences.length,
    };
  });
}

/** Makes the facts of one page of recipients again, adds them to the cells, and says what was different. */
async function rebuildPage(
  trx: Knex,
  experiment: StoredExperiment,
  page: readonly Addressee[],
  cells: Cells,
): Promise<string[]> {
  const metrics = experiment.metrics.map((metric) => metric.key);
  const histories = await lockedHistories(trx, page);
  const made = histories.map((history) => factsOf(experiment, history));
  const differences = factDifferences(made, await storedFacts(trx, page));
  for (const [i, history] of histories.entries()) {
    addEnrolment(cells, history.place, metrics);
    changeOutcomes(cells, history.place, {}, made[i]?.outcomes ?? {});
  }
  await deleteFacts(trx, page);
  // Recipients without events need no rows of facts.
  const withEvents = made.filter((_, i) => (histories[i]?.events.length ?? 0) > 0);
  await replaceFacts(trx, withEvents);
  return differences;
}

function factDifferences(
  made: readonly RecipientFacts[],
  stored: ReadonlyMap<string, RecipientFacts>,
): string[] {
  return made.flatMap((facts) => {
    const known = stored.get(facts.recipientKey);
    const differences: string[] = [];
    if (canonical(facts.message) !== canonical(known?.message ?? {})) {
      differences.push(
        `message of ${facts.recipientKey}: ${canonical(known?.message ?? {})} should be ${canonical(facts.message)}`,
      );
    }
    const outcomes = canonical(JSON.parse(outcomesToJson(facts.outcomes)) as object);
    const before = canonical(JSON.parse(outcomesToJson(known?.outcomes ?? {})) as object);
    if (outcomes !== before)
      differences.push(`outcomes of ${facts.recipientKey}: ${before} should be ${outcomes}`);
    return differences;
  });
}

function canonical(value: object): string {
  return JSON.stringify(value, Object.keys(value).sort());
}

/** A cell of nothing but zeros and no cell at all are the same. */
function cellDifferences(made: Cells, stored: readonly Cell[]): string[] {
  const differences: string[] = [];
  const known = new Map(stored.map((cell) => [cellKey(cell), cell]));
  for (const key of new Set([...made.keys(), ...known.keys()])) {
    const before = sumsText(known.get(key));
    const after = sumsText(made.get(key));
    if (before !== after) differences.push(`cell ${key}: ${before} should be ${after}`);
  }
  return differences;
}

function sumsText(cell: Cell | undefined): string {
  const { n, nonZero, sum, sumSquares, sumCubes } = cell?.sums ?? {
    n: 0n,
    nonZero: 0n,
    sum: 0n,
    sumSquares: 0n,
    sumCubes: 0n,
  };
  return `n ${n} non-zero ${nonZero} sums ${sum}, ${sumSquares}, ${sumCubes}`;
}
