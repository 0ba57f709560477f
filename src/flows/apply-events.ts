import type { Knex } from 'knex';
import { addToCells } from '../database/cells.js';
import { type FactsChange, type StoredFacts, writeFacts } from '../database/facts.js';
import { addSendDays } from '../database/send-days.js';
import { type Cell, CellSheet } from '../engagement/cells.js';
import { factsOf } from '../engagement/facts.js';
import { decodeHistory, encodeHistory, type HistoryEvent, mergeHistories } from '../engagement/history.js';
import { LatestSends } from './latest-sends.js';
import { type RuleBook, type Rules, ruleOf } from './rule-book.js';

/** New facts, and the differences that they make to the cells. */
export interface Applied {
  readonly changes: readonly FactsChange[];
  /** By experiment. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>;
  readonly sends: LatestSends;
}

/**
 * Adds events to the histories of enrolled recipients, makes their facts again from all they have, and moves the cells by
 * the difference. A history is a set, so late, repeated and shuffled events come to the same as orderly ones.
 *
 * @param stored in the order of their numbers; @param added new events of each.
 */
export function applyEvents(
  book: RuleBook,
  stored: readonly StoredFacts[],
  added: ReadonlyMap<StoredFacts, readonly HistoryEvent[]>,
): Applied {
  const changes: FactsChange[] = [];
  const sheets = new Map<string, CellSheet>();
  const sends = new LatestSends();
  // In the order of the rows, as they lie in the table: in any other they are written more slowly.
  for (const row of stored) {
    const events = added.get(row);
    if (!events) continue;
    const rules = ruleOf(book, row.experiment);
    const change = changeOf(rules, row, events);
    if (!change) continue;
    let sheet = sheets.get(row.experiment);
    if (!sheet) sheets.set(row.experiment, (sheet = new CellSheet(rules.facts)));
    sheet.change(row.place, row.facts ?? rules.nothing, change.facts);
    changes.push(change);
    sends.add(row.experiment, change.facts.lastSentAt);
  }
  return { changes, cells: new Map([...sheets].map(([key, sheet]) => [key, sheet.cells()])), sends };
}

function changeOf(rules: Rules, row: StoredFacts, events: readonly HistoryEvent[]): FactsChange | undefined {
  const before = decodeHistory(row.history);
  const history = mergeHistories(before, events);
  if (history === before) return undefined;
  const facts = factsOf(rules.facts, row.enrolledAt, history);
  return { id: row.id, history: encodeHistory(history), facts };
}

/** Facts first, then cells, experiment by experiment: everybody locks in this order. */
export async function saveApplied(trx: Knex, { changes, cells, sends }: Applied): Promise<void> {
  await writeFacts(trx, changes);
  for (const key of [...cells.keys()].sort()) await addToCells(trx, key, cells.get(key) ?? new Map());
  await addSendDays(trx, sends.days());
}
