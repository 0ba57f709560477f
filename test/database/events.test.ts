import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertEvents, selectEvents } from '../../src/database/events.js';
import type { StoredEvent } from '../../src/engagement/event.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { enrol, startExample } from '../flows/campaign.js';
import { testContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';

describe('the rows of events', () => {
  const database = databaseForTests();

  const now = new Date('2026-03-01T10:00:00Z');
  const text = fc.string({
    unit: fc.constantFrom('a', '\\', '\t', '\n', '\r', 'N', '"', "'", ',', '{', 'é', '😀', '\u0007'),
    minLength: 1,
  });
  const event = fc.record(
    {
      id: text,
      recipientKey: text,
      type: fc.constantFrom('view', '\\.', 'purchase'),
      at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      value: fc.bigInt(-(10n ** 15n), 10n ** 15n),
      currency: text,
      order: text,
      item: text,
      category: text,
      url: text,
      target: text,
      properties: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean())),
    },
    { requiredKeys: ['id', 'recipientKey', 'type', 'at'] },
  ) as unknown as fc.Arbitrary<StoredEvent>;

  it('come back as they were, whatever stands in them', async () => {
    const rows = fc.uniqueArray(event, { selector: (row) => row.id, maxLength: 20 });
    const ids = (events: readonly StoredEvent[]) => events.map((row) => row.id);
    const sorted = (events: readonly StoredEvent[]) => [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(rows, async (events) => {
        await database.knex('events').delete();
        expect(await insertEvents(database.knex, events, 'a\tb', now)).toEqual(new Set(ids(events)));
        expect(await insertEvents(database.knex, events, 'again', now)).toEqual(new Set());
        expect(sorted(await selectEvents(database.knex, ids(events)))).toEqual(sorted(events));
        const [named] = await database.knex('events').distinct('source', 'received_at as at');
        if (events.length > 0) expect(named).toEqual({ source: 'a\tb', at: now });
      }),
      { numRuns: 60 },
    );
  });

  it('count once, in one call as in two', async () => {
    const ctx = testContext(database.knex);
    const key = await startExample(ctx);
    const [ann] = await enrol(ctx, key, 3);
    const events = Array.from({ length: 1_200 }, (_, i) => ({
      id: `e-${i % 1_000}`,
      type: 'clicked',
      messageId: ann!.messageId,
      at: '2026-03-01T10:00:00Z',
    }));
    const answers = await recordEvents(ctx, events);
    expect(answers.filter(({ status }) => status === 'recorded')).toHaveLength(1_000);
    expect(answers.filter(({ status }) => status === 'duplicate')).toHaveLength(200);
    const again = await recordEvents(ctx, events.slice(0, 5));
    expect(again.every(({ status }) => status === 'duplicate')).toBe(true);
    for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
  });
});
