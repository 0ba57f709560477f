import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { parseScorer, type RegisteredScorer } from '../../src/strategies/scorers/scorer.js';

export interface Asked {
  readonly body: { schema: string; clock: string; features: string[]; rows: (number | string | null)[][] };
  readonly headers: IncomingMessage['headers'];
}

export type Behave = (asked: Asked, response: ServerResponse, socket: Socket) => void;

/** A scorer that does as it is told, on this machine. */
export class StubScorer {
  readonly calls: Asked[] = [];
  behave: Behave = answerEach(0.5);
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async open(): Promise<StubScorer> {
    const server = createServer();
    const stub = new StubScorer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked['body'];
        const asked = { body, headers: request.headers };
        stub.calls.push(asked);
        stub.behave(asked, response, request.socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/score`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export const json = (response: ServerResponse, body: unknown): void =>
  void response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(body));

export const answerEach =
  (score: unknown, model = 'churn-1'): Behave =>
  ({ body }, response) =>
    json(response, { model, scores: body.rows.map(() => score) });

export const card = { owner: 'crm', trainedBy: 'Ada', window: { from: '2025-01-01', until: '2026-01-01' } };

let made = 0;

/** A registered scorer, one of its own each time: breakers are kept by the hash. */
export function httpScorer(url: string, given: object = {}): RegisteredScorer {
  const definition = parseScorer({
    ...{ type: 'http', url, model: 'churn-1', features: ['trait.age'], card },
    ...given,
  });
  if (!definition.ok) throw new Error(JSON.stringify(definition.problems));
  made += 1;
  return { name: 'churn', version: 1, hash: `sha256:${made}`, definition: definition.value };
}
