import { setImmediate } from 'node:timers/promises';

/**
 * Waits until a query that was begun is on its way to the server, so that what is done next is done beside it: knex sends
 * a query only some turns after it was told to, and work that never waits would come first. A failure of the query is for
 * whoever waits for its answer.
 */
export async function underWay(query: Promise<unknown>): Promise<void> {
  query.catch(() => undefined);
  await setImmediate();
}
