import { Agent, request } from 'node:http';

export interface Answer {
  /** 0: the connection broke or there was none. */
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

/** Posts JSON over connections that are kept open. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 512 });
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  post(url: string, body: unknown): Promise<Answer> {
    const start = performance.now();
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    return new Promise((resolve) => {
      const broken = (): void => resolve({ status: 0, type: '', body: {}, ms: performance.now() - start });
      const sent = request(url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', broken);
        response.on('close', () => {
          if (!response.complete) {
            broken();
            return;
          }
          const type = response.headers['content-type'] ?? '';
          resolve({
            status: response.statusCode ?? 0,
            type,
            body: type.includes('json')
              ? (JSON.parse(Buffer.concat(chunks).toString()) as object as Answer['body'])
              : {},
            ms: performance.now() - start,
          });
        });
      });
      sent.on('error', broken);
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface EventResult {
  readonly id?: string;
  readonly status: 'recorded' | 'duplicate' | 'waiting' | 'refused';
  readonly error?: { readonly message: string };
}

/** What became of each event of an answer with status 200. */
export function resultsOf(answer: Answer): readonly EventResult[] {
  return (answer.body['results'] ?? []) as readonly EventResult[];
}
