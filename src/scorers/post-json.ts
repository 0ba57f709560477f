import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkedLookup, ForbiddenAddress, isForbiddenHost } from './addresses.js';

export interface Posted {
  readonly status: number;
  /** Media type, in lower case, without parameters. */
  readonly type: string;
  readonly retryAfter?: string;
  readonly text: string;
}

/** Why there is no answer. */
export type PostFault = 'timeout' | 'unreachable' | 'forbidden_address' | 'cut_off' | 'too_large';

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agents: { readonly http: Agent; readonly https: Agent };
  /** Ends it wherever it is: in looking up, connecting, sending, or reading. */
  readonly signal: AbortSignal;
  readonly mostBytes: number;
}

/** One POST, its answer read to the end. Never throws and never waits beyond its signal. */
export function postJson(options: PostOptions): Promise<Posted | PostFault> {
  const { url, headers, body, agents, signal, mostBytes } = options;
  const address = new URL(url);
  if (isForbiddenHost(address.hostname)) return Promise.resolve('forbidden_address');
  if (signal.aborted) return Promise.resolve('timeout');
  const isSecure = address.protocol === 'https:';
  return new Promise((resolve) => {
    const bytes = Buffer.from(body);
    const request = (isSecure ? requestHttps : requestHttp)(address, {
      method: 'POST',
      agent: isSecure ? agents.https : agents.http,
      lookup: checkedLookup,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': bytes.length,
        accept: 'application/json',
      },
    });
    const end = (outcome: Posted | PostFault): void => {
      signal.removeEventListener('abort', late);
      if (typeof outcome === 'string') request.destroy();
      resolve(outcome);
    };
    let isAnswering = false;
    const late = (): void => end('timeout');
    signal.addEventListener('abort', late, { once: true });
    request.on('error', (error) => {
      // The scorer had closed a connection that was kept: that is no fault, and a fresh one is made.
      if (request.reusedSocket && !signal.aborted && !isAnswering) resolve(postJson(options));
      else end(error instanceof ForbiddenAddress ? 'forbidden_address' : 'unreachable');
    });
    request.on('response', (response) => {
      isAnswering = true;
      readAll(response, mostBytes, end);
    });
    request.end(bytes);
  });
}

function readAll(
  response: IncomingMessage,
  mostBytes: number,
  end: (outcome: Posted | PostFault) => void,
): void {
  if (Number(response.headers['content-length'] ?? 0) > mostBytes) {
    end('too_large');
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostBytes) end('too_large');
    else chunks.push(chunk);
  });
  response.on('error', () => end('cut_off'));
  response.on('close', () => {
    if (!response.complete) {
      end('cut_off');
      return;
    }
    const { statusCode: status = 0, headers } = response;
    const retryAfter = headers['retry-after'];
    end({
      status,
      type: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      text: Buffer.concat(chunks).toString('utf8'),
      ...(retryAfter !== undefined && { retryAfter }),
    });
  });
}
