import { fetchAll } from '../fetch-all.js';
import { exportBatch, type ExportReader, timeCondition } from './export-range.js';

export interface ExportedEventRow {
  id: string;
  type: string;
  class: string | null;
  message_id: string | null;
  enrolment: string | null;
  experiment: string | null;
  wave: string | null;
  recipient_key: string | null;
  at: Date;
  value: string | null;
  currency: string | null;
  order_id: string | null;
  item: string | null;
  category: string | null;
  url: string | null;
  target: string | null;
  properties: string | null;
  source: string;
  received_at: Date;
}

/** Which events arrived, with the message they are of? For use in a transaction. */
export const exportedEvents: ExportReader<ExportedEventRow> = (trx, range) => {
  const time = timeCondition('v.received_at', range);
  const { experiment } = range;
  const ofExperiment =
    experiment === undefined
      ? ''
      : `and (e.experiment = ? or exists (
           select from enrolments o where o.experiment = ? and o.recipient_key = v.recipient_key))`;
  return fetchAll<ExportedEventRow, ExportedEventRow>(
    trx,
    `select v.id, v.type, v.class, v.message_id, m.enrolment, e.experiment, case when e.id is not null then m.wave end as wave,
            coalesce(v.recipient_key, e.recipient_key) as recipient_key, v.at, v.value, v.currency, v.order_id, v.item,
            v.category, v.url, v.target, v.properties::text as properties, v.source, v.received_at
     from events v
     left join messages m on m.message_id = v.message_id
     left join enrolments e on e.id = m.enrolment
     where ${time.sql} ${ofExperiment}
     order by v.received_at, v.id collate "C"`,
    [...time.bindings, ...(experiment === undefined ? [] : [experiment, experiment])],
    exportBatch,
    (rows) => rows,
  );
};
