import { beforeEach, describe, expect, it } from 'vitest';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { storedCells } from './any-history.js';
import { enrol, startExample } from './campaign.js';

let ctx: TestContext;
let key: string;
let messageId: string;

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
  messageId = (await enrol(ctx, key, 3))[0]!.messageId;
});

const at = '2026-03-01T10:00:00Z';
const order = (more: object) => ({ id: 'e', type: 'converted', messageId, at, ...more });
const money = (value: unknown, currency = 'EUR') => order({ value, currency });

describe('hostile rows', () => {
  const refused: [string, () => unknown, string, string | undefined][] = [
    ['an amount beyond all doubles', () => money(1e308), 'invalid_amount', 'value'],
    ['no amount at all', () => money(Number.NaN), 'invalid_event', 'value'],
    ['a tiny amount', () => money(1e-7), 'invalid_amount', 'value'],
    ['an exponent', () => money('1e308'), 'invalid_amount', 'value'],
    ['hexadecimal', () => money('0x10'), 'invalid_amount', 'value'],
    ['a fraction of a cent', () => money('0.001'), 'invalid_amount', 'value'],
    ['the smallest amount that is too large', () => money('10000000000000.00'), 'invalid_amount', 'value'],
    ['a currency of another experiment', () => money('1', 'JPY'), 'wrong_currency', 'currency'],
    ['a currency in small letters', () => money('1', 'eur'), 'invalid_event', 'currency'],
    ['1970', () => order({ at: '1970-01-01T00:00:00Z' }), 'invalid_event', 'at'],
    ['2999', () => order({ at: '2999-01-01T00:00:00Z' }), 'invalid_event', 'at'],
    ['a time without a zone', () => order({ at: '2026-03-01T10:00:00' }), 'invalid_event', 'at'],
    ['a property that is too long', () => order({ properties: { note: 'x'.repeat(501) } }), 'invalid_event', undefined],
    ['a property that is an object', () => order({ properties: { note: { deep: 1 } } }), 'invalid_event', undefined],
    ['too many properties', () => order({ properties: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`p${i}`, i])) }), 'invalid_event', 'properties'],
    ['a nameless property', () => order({ properties: { '': 1 } }), 'invalid_event', undefined],
    ['a NUL in a property', () => order({ properties: { note: 'a\0b' } }), 'invalid_event', 'properties.note'],
    ['half of a surrogate pair', () => order({ order: '\ud800' }), 'invalid_event', 'order'],
    ['an experiment that is not there', () => order({ messageId: undefined, experiment: 'constructor', recipient: 'x' }), 'unknown_experiment', 'experiment'],
    ['a prototype', () => JSON.parse(`{"__proto__": {"id": "e"}, "type": "sent", "messageId": "m", "at": "${at}"}`) as unknown, 'invalid_event', undefined],
    ['a list', () => [order({})], 'invalid_event', undefined],
    ['a text', () => 'id,type', 'invalid_event', undefined],
  ]; // prettier-ignore

  it.each(refused)('%s: refused by itself, and nothing else changes', async (_, row, code, path) => {
    const before = await storedCells(database.knex, [key]);
    const answers = await recordEvents(ctx, [row(), order({ id: 'good', value: '1', currency: 'EUR' })]);
    expect(answers[0]).toMatchObject({ index: 0, status: 'refused', error: { code } });
    if (path !== undefined && answers[0]?.status === 'refused') expect(answers[0].error.path).toBe(path);
    expect(answers[1]).toEqual({ index: 1, id: 'good', status: 'recorded' });
    expect(await database.knex('events').pluck('id')).toEqual(['good']);
    expect(await storedCells(database.knex, [key])).not.toEqual(before);
    for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
  });

  it('that are good are stored as given, whatever they hold', async () => {
    const hostile = '<script>alert(1)</script>\u202e\u0007\'"; drop table events; -- ${x} %s ?';
    const properties = {
      constructor: 'own',
      toString: hostile,
      note: 'x'.repeat(500),
      tiny: 5e-324,
      big: 1e308,
      yes: true,
      none: null,
    };
    const rows = [
      order({ id: hostile, order: hostile, item: hostile, category: hostile, properties }),
      order({ id: 'largest', value: '9999999999999.99', currency: 'EUR' }),
      order({ id: 'lowest', value: '-9999999999999.99', currency: 'EUR' }),
      {
        id: 'long',
        type: 'view',
        recipient: 'ü'.repeat(256),
        at,
        url: `https://x.example/${'a'.repeat(3_900)}?token=1`,
      },
    ];
    expect((await recordEvents(ctx, rows)).map((answer) => answer.status)).toEqual([
      'recorded',
      'recorded',
      'recorded',
      'recorded',
    ]);
    const [stored] = await database.knex('events').where({ id: hostile });
    expect(stored).toMatchObject({ order_id: hostile, item: hostile, category: hostile, properties });
    expect(await database.knex('events').where({ id: 'long' }).pluck('url')).toEqual([
      `https://x.example/${'a'.repeat(3_900)}`,
    ]);
    for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
  });

  it('with a property named like the prototype change no prototype', async () => {
    const properties = JSON.parse('{"__proto__": "evil", "constructor": 1}') as object;
    const [answer] = await recordEvents(ctx, [order({ properties })]);
    expect(['recorded', 'refused']).toContain(answer!.status);
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('deep');
    for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
  });
});

describe('many of them', () => {
  it('with one id are one event', async () => {
    const answers = await recordEvents(
      ctx,
      Array.from({ length: 500 }, (_, i) => money(String(i + 1))),
    );
    expect(answers[0]!.status).toBe('recorded');
    expect(answers.slice(1).every((answer) => answer.status === 'duplicate')).toBe(true);
    expect(await database.knex('events').pluck('value')).toEqual(['100']);
  });

  it('of types that nobody knows leave counts as small as they were', async () => {
    const unknown = Array.from({ length: 6_000 }, (_, i) => ({
      id: `e${i}`,
      type: `type-${i}`,
      recipient: `r${i % 50}`,
      at,
    }));
    for (let i = 0; i < unknown.length; i += 2_000) {
      const answers = await recordEvents(ctx, unknown.slice(i, i + 2_000));
      expect(answers.every((answer) => answer.status === 'recorded' && answer.note === 'unknown_type')).toBe(
        true,
      );
    }
    expect(await database.knex('event_counts').select('type', 'status', 'n')).toEqual([
      { type: '(unknown)', status: 'recorded', n: '6000' },
    ]);
    expect(await database.knex('events').count('* as n')).toEqual([{ n: '6000' }]);
  });

  it('that are all refused are counted whole and kept in part', async () => {
    const refused = Array.from({ length: 3_000 }, (_, i) => ({
      id: `e${i}`,
      type: 'sent',
      experiment: `made-up-${i}`,
      recipient: '\u{1F600}'.repeat(100),
      at,
      url: i % 2 ? 'no' : undefined,
    }));
    const answers = await recordEvents(ctx, refused);
    expect(answers).toHaveLength(3_000);
    answers.forEach((answer, i) =>
      expect(answer).toMatchObject({ index: i, id: `e${i}`, status: 'refused' }),
    );
    expect(await database.knex('quarantine').count('* as n')).toEqual([{ n: '100' }]);
    const counts = await database
      .knex('event_counts')
      .select<{ n: string }[]>('experiment', 'type', 'status', 'n');
    expect(counts.length).toBeLessThanOrEqual(2);
    expect(counts.reduce((sum, { n }) => sum + Number(n), 0)).toBe(3_000);
    expect(await database.knex('events')).toEqual([]);
  });
});
