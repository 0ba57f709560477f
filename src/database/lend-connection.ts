import type { Worker } from 'node:worker_threads';
import type { Knex } from 'knex';
import type { LoanAnswer, LoanRequest, LoanResult, LoanStatement } from './loan.js';

interface Connection {
  query(statement: LoanStatement): Promise<LoanResult>;
}

interface Client {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

/** Lends the connections of a database to a thread, one at a time. @returns takes back what is lent still. */
export function lendConnection(db: Knex, worker: Worker): () => Promise<void> {
  const client = db.client as Client;
  let lent: Connection | undefined;
  let isOver = false;
  let last: Promise<void> = Promise.resolve();
  const serve = async (request: LoanRequest): Promise<void> => {
    if (isOver) return;
    if (request.loan === 'release') {
      const connection = lent;
      lent = undefined;
      if (connection) await client.releaseConnection(connection);
      return;
    }
    const { id } = request;
    try {
      if (request.loan === 'acquire') {
        lent = await client.acquireConnection();
        worker.postMessage({ loan: 'answer', id } satisfies LoanAnswer);
        return;
      }
      if (!lent) throw new Error('a statement came without a connection');
      const { rows, rowCount, command } = await lent.query(request.statement);
      worker.postMessage({ loan: 'answer', id, result: { rows, rowCount, command } } satisfies LoanAnswer);
    } catch (error) {
      worker.postMessage({ loan: 'refusal', id, error: plainError(error) } satisfies LoanAnswer);
    }
  };
  worker.on('message', (message: object) => {
    if ('loan' in message) last = last.then(() => serve(message as LoanRequest));
  });
  return async () => {
    isOver = true;
    await last;
    const connection = lent;
    lent = undefined;
    if (!connection) return;
    await connection.query({ text: 'rollback', values: [] }).catch(() => undefined);
    await client.releaseConnection(connection);
  };
}

function plainError(error: unknown): Record<string, unknown> {
  const { message, code, detail, constraint, severity } = error as Record<string, unknown>;
  return { message, code, detail, constraint, severity };
}
