import { beforeEach, describe, expect, it } from 'vitest';
import { selectCells } from '../../src/database/cells.js';
import { audit } from '../../src/flows/audit.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { testContext, type TestContext } from '../support/context.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { enrol, recipients, startExample } from './campaign.js';

let ctx: TestContext;
let key: string;

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
  const enrolled = await enrol(ctx, key, 30);
  const at = '2026-03-02T09:00:00Z';
  await recordEvents(
    ctx,
    enrolled.map(({ messageId }, i) => ({
      id: `e${i}`,
      type: i % 2 ? 'converted' : 'clicked',
      messageId,
      at,
    })),
  );
});

const damages: [string, string, RegExp][] = [
  ['a cell', `update cells set sum = sum + 1 where metric = 'order' and sum = 1`, /^cell .*should be/],
  ['a missing cell', `delete from cells where metric = 'revenue'`, /^cell .*should be/],
  ['a station', `update cells set sum = sum + 1 where metric = '@clicked' and sum = 1`, /^cell .*should be/],
  ['an outcome', `update enrolments set y = array[7,0,0,0] where y is not null`, /^outcomes of .*should be/],
  ['a station that was reached', `update enrolments set stations = 0`, /^outcomes of .*should be/],
  ['a history', `update enrolments set history = '' where history is not null`, /^history of .*should be/],
  [
    'facts of whom nothing is known of',
    `update enrolments set y = null, d = null, x = null`,
    /^outcomes of .*should be/,
  ],
];

describe('rebuild', () => {
  it('finds nothing to mend in a healthy database, and leaves it as it was', async () => {
    const before = await selectCells(database.knex, key);
    const results = await rebuild(ctx);
    expect(results).toMatchObject([{ experiment: key, recipients: 30, differenceCount: 0, differences: [] }]);
    expect(new Set((await selectCells(database.knex, key)).map(print))).toEqual(new Set(before.map(print)));
  });

  it.each(damages)('says what was different and mends it: %s', async (_, sql, sentence) => {
    const before = new Set((await selectCells(database.knex, key)).map(print));
    await database.knex.raw(sql);
    const [result] = await rebuild(ctx);
    expect(result!.differenceCount).toBeGreaterThan(0);
    expect(result!.differences[0]).toMatch(sentence);
    expect(await rebuild(ctx)).toMatchObject([{ differenceCount: 0 }]);
    expect(new Set((await selectCells(database.knex, key)).map(print))).toEqual(before);
  });
});

describe('rebuild of events with hostile texts', () => {
  const at = '2026-03-02T10:00:00.007Z';
  const odd = [
    '\x1f',
    'a\x1fsent\x1f1\x1f\x1f',
    '"',
    '\\',
    '{"x":1}\x1f[]',
    '\n\t\r\x01',
    'ü😀\x1f',
    'null',
    ' ',
    '|.%',
  ];
  const item = { property: 'item', op: 'exists' };

  it('reads every one as it was recorded', async () => {
    const views = { key: 'views', type: 'mean', event: 'view', role: 'secondary', where: [item] };
    const main = {
      key: 'order',
      type: 'proportion',
      event: 'converted',
      role: 'primary',
      direction: 'increase',
    };
    const revenue = { key: 'revenue', type: 'money', event: 'converted', role: 'secondary' };
    const second = await startExample(ctx, { key: 'second', salt: 'other', metrics: [main, revenue, views] });
    await enrol(ctx, second, 30);
    const events = odd.flatMap((text, i) => {
      const recipient = `person-${i}@example.org`;
      const of = { experiment: i % 2 ? key : second, recipient, wave: text, at };
      const alone = { recipient, at };
      return [
        { id: `${text}${i}s`, type: 'sent', ...of },
        { id: `${text}${i}o`, type: 'opened', class: 'human', ...of },
        { id: `${text}${i}e`, type: 'exploded', ...of },
        {
          id: `${text}${i}c`,
          type: 'converted',
          value: '9007199254740.99',
          currency: 'EUR',
          order: text,
          ...of,
        },
        { id: `${text}${i}p`, type: 'purchase', value: '-0.07', currency: 'EUR', item: text, ...alone },
        {
          id: `${text}${i}v`,
          type: 'view',
          item: text,
          category: text,
          url: `x:${text}`,
          properties: { [`p${i}`]: text },
          ...alone,
        },
        { id: `${text}${i}w`, type: 'view', category: text, ...alone },
        { id: `${text}${i}z`, type: 'void', target: `${text}${i % 3 ? i : ''}s`, ...alone },
      ];
    });
    const answers = await recordEvents(ctx, events);
    expect(answers.filter((answer) => answer.status === 'refused')).toEqual([]);
    for (const one of [key, second]) {
      for (const wave of odd) await assignRecipients(ctx, one, recipients(10), { wave });
    }
    expect(await database.knex('waiting_events')).toEqual([]);
    const views10 = (await selectCells(database.knex, second)).filter(
      (cell) => cell.metric === 'views' && cell.cohort === '',
    );
    expect(views10.reduce((sum, cell) => sum + cell.sums.sum, 0n)).toBe(10n);
    for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
  });

  it('refuses to guess where a type was made unreadable by hand', async () => {
    await database.knex.raw(`update events set type = E'cli\\x1fcked' where id = 'e0'`);
    await expect(rebuild(ctx)).rejects.toThrow(/type or class that cannot be read: .*cli/);
  });
});

describe('audit', () => {
  it('recomputes every stored arm', async () => {
    expect(await audit(ctx)).toEqual([
      { experiment: key, recipients: 30, withoutIdentity: 0, differenceCount: 0 },
    ]);
  });

  it('prints the first arm, fold or pseudonym that does not come out', async () => {
    await database.knex.raw(
      'update enrolments set arm = (arm + 1) % 4 where recipient_key = (select min(recipient_key) from enrolments)',
    );
    expect(await audit(ctx)).toMatchObject([
      { differenceCount: 1, firstDifference: expect.stringMatching(/stored in arm .* drawn to/) as string },
    ]);
    await database.knex.raw('update enrolments set fold = (fold + 1) % 20');
    expect(await audit(ctx)).toMatchObject([{ differenceCount: 30 }]);
    await database.knex.raw(`update identities set recipient_id = recipient_id || 'x'`);
    expect(await audit(ctx)).toMatchObject([
      { firstDifference: expect.stringMatching(/pseudonym/) as string },
    ]);
  });

  it('counts enrolments whose identity is gone', async () => {
    await database.knex.raw(
      'delete from identities where recipient_key = (select min(recipient_key) from identities)',
    );
    expect(await audit(ctx)).toMatchObject([{ recipients: 29, withoutIdentity: 1, differenceCount: 0 }]);
  });
});

function print(cell: object): string {
  return JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
