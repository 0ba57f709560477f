import type { MessagePort, Worker } from 'node:worker_threads';
import knex, { type Knex } from 'knex';

/**
 * The embedded database has one session, so a second thread cannot have a connection of its own. It borrows that of the first
 * thread instead, in turn with everybody else there: its statements travel as messages. Whoever ends a thread that has
 * borrowed gives the connection back, with its transaction taken back.
 */

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode?: 'array';
}

interface Result {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  readonly command: string;
}

export type LoanRequest =
  | { readonly loan: 'acquire'; readonly id: number }
  | { readonly loan: 'release' }
  | { readonly loan: 'query'; readonly id: number; readonly statement: Statement };

export type LoanAnswer =
  | { readonly loan: 'answer'; readonly id: number; readonly result?: Result }
  | { readonly loan: 'refusal'; readonly id: number; readonly error: Readonly<Record<string, unknown>> };

interface Connection {
  query(statement: Statement): Promise<Result>;
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

/** In the thread that borrows: a database whose one connection is the other thread's. */
export function borrowConnection(port: MessagePort): Knex {
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const ask = (request: (id: number) => LoanRequest): Promise<Result> =>
    new Promise((resolve, reject) => {
      const id = (ids += 1);
      waiting.set(id, { resolve, reject });
      port.postMessage(request(id));
    });
  port.on('message', (message: object) => {
    if (!('loan' in message)) return;
    const answer = message as LoanAnswer;
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.loan === 'refusal')
      asker?.reject(Object.assign(new Error(String(answer.error['message'])), answer.error));
    else asker?.resolve(answer.result ?? { rows: [], rowCount: 0, command: '' });
  });
  const db = knex({ client: 'pg', pool: { min: 0, max: 1 } });
  // One turn at a time: who asks for the connection while a transaction has it waits for its end.
  let turn: Promise<void> = Promise.resolve();
  let endTurn: () => void = () => undefined;
  const client = db.client as { acquireConnection: unknown; releaseConnection: unknown };
  client.acquireConnection = async () => {
    const before = turn;
    let end: () => void = () => undefined;
    turn = new Promise((resolve) => (end = resolve));
    await before;
    endTurn = end;
    await ask((id) => ({ loan: 'acquire', id }));
    const query = (statement: Statement, done: (error: Error | null, result?: Result) => void): void => {
      const { text, values, rowMode } = statement;
      const plain = { text, values, ...(rowMode && { rowMode }) };
      ask((id) => ({ loan: 'query', id, statement: plain })).then(
        (result) => done(null, result),
        (error: unknown) => done(error as Error),
      );
    };
    return { query };
  };
  client.releaseConnection = (): Promise<void> => {
    port.postMessage({ loan: 'release' } satisfies LoanRequest);
    endTurn();
    return Promise.resolve();
  };
  return db;
}

function plainError(error: unknown): Record<string, unknown> {
  const { message, code, detail, constraint, severity } = error as Record<string, unknown>;
  return { message, code, detail, constraint, severity };
}
