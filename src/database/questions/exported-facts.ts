import { factsColumns, type FactsRow, type StoredFacts, toStoredFacts } from '../facts.js';
import { fetchAll } from '../fetch-all.js';
import { enrolledCondition, enrolledOrder, exportBatch, type ExportReader } from './export-range.js';

/** What became of those who are enrolled? For use in a transaction. */
export const exportedFacts: ExportReader<StoredFacts> = (trx, range) => {
  const { sql, bindings } = enrolledCondition(range);
  return fetchAll<FactsRow, StoredFacts>(
    trx,
    `select ${factsColumns} from enrolments e where ${sql} order by ${enrolledOrder}`,
    bindings,
    exportBatch,
    toStoredFacts,
  );
};
