import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryArray } from '../../src/database/binary-array.js';
import type { Database } from '../../src/database/open.js';
import { openTestDatabase } from '../support/database.js';

describe('a binary array', () => {
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
        '\u0001',
      ),
      maxLength: 80,
    });
    const text = fc.oneof(odd, fc.constantFrom('NULL', 'null', 'Null', '', ' ', '\\N'), fc.constant(null));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 30 }), async (values) => {
        const result = await database.knex.raw<{ rows: { value: string | null }[] }>(
          'select value from unnest(?::text[]) as list (value)',
          [binaryArray('text', values)],
        );
        expect(result.rows.map((row) => row.value)).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  it('writes numbers and times so that nothing is lost', async () => {
    const integers = fc.array(fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)), {
      minLength: 1,
      maxLength: 9,
    });
    const times = fc.date({ min: new Date('1970-01-01'), max: new Date('2300-01-01'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(
        integers,
        times,
        fc.maxSafeInteger(),
        fc.integer(),
        async (numbers, time, safe, int) => {
          const result = await database.knex.raw<{ rows: { n: string | null }[] }>(
            'select n::text from unnest(?::bigint[]) as list (n)',
            [binaryArray('bigint', [...numbers, safe, String(safe)])],
          );
          const written = [...numbers, safe, safe].map((n) => (n === null ? null : String(n)));
          expect(result.rows.map((row) => row.n)).toEqual(written);
          const other = await database.knex.raw<{ rows: { t: Date; i: number }[] }>(
            'select t, i from unnest(?::timestamptz[], ?::int[]) as list (t, i)',
            [binaryArray('timestamptz', [time, time.getTime()]), binaryArray('int', [int, int])],
          );
          expect(other.rows).toEqual([
            { t: time, i: int },
            { t: time, i: int },
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('may be empty', async () => {
    const result = await database.knex.raw<{ rows: unknown[] }>('select unnest(?::text[])', [
      binaryArray('text', []),
    ]);
    expect(result.rows).toEqual([]);
  });
});
