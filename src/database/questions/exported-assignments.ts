import { fetchAll } from '../fetch-all.js';
import { enrolledCondition, enrolledOrder, exportBatch, type ExportReader } from './export-range.js';

export interface AssignmentRow {
  id: string;
  experiment: string;
  recipient_key: string;
  arm: number;
  allocation_version: number;
  fold: number;
  enrolled_at: Date;
  cohorts: Record<string, string>;
  /** Wave and message id. */
  messages: [string, string][] | null;
  assigned_strategy: string | null;
  delivered: string | null;
  fallback_reason: string | null;
  content_hash: string | null;
  reason: string | null;
  probability: number | null;
}

/** Who was drawn to what, and what was decided for them? For use in a transaction. */
export const exportedAssignments: ExportReader<AssignmentRow> = (trx, range) => {
  const { sql, bindings } = enrolledCondition(range);
  return fetchAll<AssignmentRow, AssignmentRow>(
    trx,
    `select e.id, e.experiment, e.recipient_key, e.arm, e.allocation_version, e.fold, e.enrolled_at, e.cohorts, m.messages,
            d.assigned_strategy, d.delivered, d.fallback_reason, d.content_hash, d.reason, d.probability
     from enrolments e
     left join decisions d on d.experiment = e.experiment and d.recipient_key = e.recipient_key
     left join (
       select m.enrolment, json_agg(json_build_array(m.wave, m.message_id) order by m.wave collate "C") as messages
       from messages m join enrolments e on e.id = m.enrolment where ${sql} group by m.enrolment
     ) m on m.enrolment = e.id
     where ${sql} order by ${enrolledOrder}`,
    [...bindings, ...bindings],
    exportBatch,
    (rows) => rows,
  );
};
