import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayLiteral } from '../../src/database/array-literal.js';
import type { Database } from '../../src/database/open.js';
import { openTestDatabase } from '../support/database.js';

describe('an array literal', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('is read by PostgreSQL as what it was made of', async () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        'a',
        'N',
        'u',
        'l',
        '"',
        '\\',
        ',',
        '{',
        '}',
        ' ',
        '\n',
        '\t',
        "'",
        '(',
        'é',
        '😀',
        '-',
      ),
      maxLength: 8,
    });
    const text = fc.oneof(odd, fc.constantFrom('NULL', 'null', 'Null', '', ' ', '\\N'), fc.constant(null));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 30 }), async (values) => {
        const result = await database.knex.raw<{ rows: { value: string | null }[] }>(
          'select value from unnest(?::text[]) as list (value)',
          [arrayLiteral(values)],
        );
        expect(result.rows.map((row) => row.value)).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  it('writes numbers and times so that nothing is lost', async () => {
    const time = new Date('2026-03-29T01:30:00.123Z');
    const result = await database.knex.raw<{ rows: { n: string; t: Date }[] }>(
      'select n::text, t from unnest(?::numeric[], ?::timestamptz[]) as list (n, t)',
      [arrayLiteral([9007199254740991, -(2n ** 80n)]), arrayLiteral([time, time])],
    );
    expect(result.rows.map((row) => row.n)).toEqual(['9007199254740991', String(-(2n ** 80n))]);
    expect(result.rows[0]?.t).toEqual(time);
  });
});
