import type { MessagePort } from 'node:worker_threads';
import knex, { type Knex } from 'knex';
import type { LoanAnswer, LoanRequest, LoanResult, LoanStatement } from './loan.js';

type Ask = (request: (id: number) => LoanRequest) => Promise<LoanResult>;
type Done = (error: Error | null, result?: LoanResult) => void;

/** In the thread that borrows: a database whose one connection is the other thread's. */
export function borrowConnection(port: MessagePort): Knex {
  const ask = askerThrough(port);
  const takeTurn = turns();
  const db = knex({ client: 'pg', pool: { min: 0, max: 1 } });
  const client = db.client as { acquireConnection: unknown; releaseConnection: unknown };
  let endTurn: () => void = () => undefined;
  client.acquireConnection = async () => {
    endTurn = await takeTurn();
    await ask((id) => ({ loan: 'acquire', id }));
    return { query: queryThrough(ask) };
  };
  client.releaseConnection = (): Promise<void> => {
    port.postMessage({ loan: 'release' } satisfies LoanRequest);
    endTurn();
    return Promise.resolve();
  };
  return db;
}

/** Sends requests, and gives each the answer or the refusal that bears its id. */
function askerThrough(port: MessagePort): Ask {
  const waiting = new Map<
    number,
    { resolve: (result: LoanResult) => void; reject: (error: Error) => void }
  >();
  let ids = 0;
  port.on('message', (message: object) => {
    if (!('loan' in message)) return;
    const answer = message as LoanAnswer;
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.loan === 'refusal')
      asker?.reject(Object.assign(new Error(String(answer.error['message'])), answer.error));
    else asker?.resolve(answer.result ?? { rows: [], rowCount: 0, command: '' });
  });
  return (request) =>
    new Promise((resolve, reject) => {
      const id = (ids += 1);
      waiting.set(id, { resolve, reject });
      port.postMessage(request(id));
    });
}

/** One turn at a time: who asks for the connection while a transaction has it waits for its end. Gives what ends the turn. */
function turns(): () => Promise<() => void> {
  let turn: Promise<void> = Promise.resolve();
  return async () => {
    const before = turn;
    let end: () => void = () => undefined;
    turn = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  };
}

/** The one method of a connection that knex calls, as pg has it. */
function queryThrough(ask: Ask): (statement: LoanStatement, done: Done) => void {
  return ({ text, values, rowMode }, done) => {
    const statement = { text, values, ...(rowMode && { rowMode }) };
    ask((id) => ({ loan: 'query', id, statement })).then(
      (result) => done(null, result),
      (error: unknown) => done(error as Error),
    );
  };
}
