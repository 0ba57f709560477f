import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { ingestQueue } from '../../src/flows/ingest-queue.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { failOn } from '../support/fail-on.js';
import { changedTables, tableSums } from '../support/table-sums.js';
import { enrol, recipients, startExample } from './campaign.js';

/** A transaction that fails at any of its writes leaves nothing behind, and the same call again counts once. */

let ctx: TestContext;
let key: string;
let messageIds: string[];

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
  messageIds = (await enrol(ctx, key, 5)).map(({ messageId }) => messageId);
});

const at = '2026-03-01T10:00:00Z';
const rows = () => [
  { id: 'known', type: 'clicked', messageId: messageIds[0], at },
  { id: 'alone', type: 'purchase', recipient: 'person-1@example.org', at, value: '5.00', currency: 'EUR' },
  { id: 'early', type: 'sent', experiment: key, recipient: 'not-yet@example.org', at },
  { id: 'bad', type: 'clicked', messageId: messageIds[1], at: 'never' },
];

describe('a transaction that fails half-way', () => {
  it.each(['events', 'enrolments', 'cells', 'messages', 'waiting_events', 'event_counts', 'quarantine'])(
    'at %s while events are recorded leaves nothing behind, and can be done again',
    async (table) => {
      const before = await tableSums(database.knex);
      const mend = await failOn(database.knex, table, 'XX000');
      await expect(recordEvents(ctx, rows())).rejects.toThrow(/broken on purpose/);
      expect(changedTables(before, await tableSums(database.knex))).toEqual([]);
      await mend();
      const answers = await recordEvents(ctx, rows());
      expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'waiting', 'refused']);
      for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
    },
  );

  it.each(['identities', 'enrolments', 'decisions', 'cells', 'messages'])(
    'at %s while recipients are enrolled leaves nothing behind, and can be done again',
    async (table) => {
      const before = await tableSums(database.knex);
      const mend = await failOn(database.knex, table, 'XX000');
      await expect(assignRecipients(ctx, key, recipients(3, 100))).rejects.toThrow(/broken on purpose/);
      expect(changedTables(before, await tableSums(database.knex))).toEqual([]);
      await mend();
      expect(await assignRecipients(ctx, key, recipients(3, 100))).toHaveLength(3);
      for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
    },
  );

  it('fails every post that shared it, and acknowledges none of them', async () => {
    const record = ingestQueue(ctx);
    const before = await tableSums(database.knex);
    const mend = await failOn(database.knex, 'cells', '53100');
    const posts = Array.from({ length: 10 }, (_, i) =>
      record([{ id: `p${i}`, type: 'clicked', messageId: messageIds[i % 5], at }]),
    );
    const settled = await Promise.allSettled(posts);
    expect(settled.map(({ status }) => status)).toEqual(Array(10).fill('rejected'));
    expect(changedTables(before, await tableSums(database.knex))).toEqual([]);
    await mend();
  });
});
