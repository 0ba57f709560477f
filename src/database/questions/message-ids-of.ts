/**
 * SQL: ids of the messages of the enrolments of one recipient, the first and those of later waves. `offset 0` keeps the planner
 * from reading all messages for every recipient.
 *
 * @param key an expression that gives the recipient key: a column of the query around it.
 */
export const messageIdsOf = (key: string): string => `
  select e.message_id from enrolments e where e.recipient_key = ${key}
  union all
  select w.message_id from enrolments e cross join lateral (
    select message_id from messages where enrolment = e.id and wave <> '' offset 0
  ) w
  where e.recipient_key = ${key}`;
