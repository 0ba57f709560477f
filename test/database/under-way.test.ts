import { expect, it } from 'vitest';
import { underWay } from '../../src/database/under-way.js';
import { openTestDatabase } from '../support/database.js';

const busyMs = 500;

it('a query that is under way is answered beside work that never waits', async () => {
  const database = await openTestDatabase();
  try {
    const answeredAt = await database.knex.transaction(async (trx) => {
      const query = (async () => {
        const { rows } = await trx.raw<{ rows: { at: number }[] }>(
          'select (extract(epoch from clock_timestamp()) * 1000)::float8 as at',
        );
        return rows[0]?.at;
      })();
      await underWay(query);
      const end = performance.timeOrigin + performance.now() + busyMs;
      while (performance.timeOrigin + performance.now() < end);
      return { at: await query, end };
    });
    expect(answeredAt.at).toBeLessThan(answeredAt.end);
  } finally {
    await database.close();
  }
});

it('leaves a failure to whoever waits for the answer', async () => {
  const query = Promise.reject(new Error('refused'));
  await underWay(query);
  await expect(query).rejects.toThrow('refused');
});
