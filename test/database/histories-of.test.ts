import { expect, it } from 'vitest';
import { historiesOf } from '../../src/database/questions/histories-of.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { startExample } from '../flows/campaign.js';
import { people } from '../flows/shop.js';
import { testContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';

const database = databaseForTests();

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

function scansOf(plan: Plan): string[] {
  const { 'Node Type': type, 'Relation Name': table, Plans = [] } = plan;
  return [...(table === undefined ? [] : [`${type} on ${table}`]), ...Plans.flatMap(scansOf)];
}

/** The planner must not be led astray where it knows nothing of the tables yet, nor where it does. */
it('reads histories by indexes, never a whole table for every recipient', async () => {
  const db = database.knex;
  const ctx = testContext(db);
  const key = await startExample(ctx);
  const recipients = people(1_500);
  const answers = await assignRecipients(ctx, key, recipients);
  await assignRecipients(ctx, key, recipients.slice(0, 300), { wave: 'second' });
  const sent = answers.flatMap((one) => ('messageId' in one ? [one.messageId] : []));
  const at = new Date(ctx.clock().getTime() - 3_600_000).toISOString();
  await recordEvents(
    ctx,
    sent.map((messageId, i) => ({ id: `sent-${i}`, type: 'sent', messageId, at })),
  );

  const asked: { sql: string; bindings: string[] }[] = [];
  const listen = ({ sql, bindings }: { sql: string; bindings: string[] }): void => {
    asked.push({ sql, bindings });
  };
  db.on('query', listen);
  const keys = recipients.map(({ id }) => ctx.pseudonyms.recipientKey(id));
  const looked = {
    always: ['sent'],
    within: ['opened'],
    since: undefined,
    before: new Date(ctx.clock().getTime() + 1),
  };
  const { reports } = await historiesOf(db, keys, looked);
  db.removeListener('query', listen);
  expect(reports.size).toBe(sent.length);

  expect(asked).toHaveLength(2);
  const scans = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const { sql, bindings } of asked) {
      const { rows } = await db.raw<{ rows: { 'QUERY PLAN': { Plan: Plan }[] }[] }>(
        `explain (format json) ${sql.replace(/\$\d+/g, '?')}`,
        bindings,
      );
      found.push(...scansOf(rows[0]?.['QUERY PLAN'][0]?.Plan ?? { 'Node Type': 'none' }));
    }
    return found.filter((scan) => /on (messages|events|enrolments)$/.test(scan));
  };
  const fresh = await scans();
  await db.raw('analyze');
  for (const found of [fresh, await scans()]) {
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
  }
});
