import type { Principal } from '../flows/access.js';
import type { Context } from '../flows/context.js';
import type { RecordEvents } from '../flows/ingest-queue.js';

/** What every route works with. */
export interface Web {
  readonly ctx: Context;
  readonly settings: WebSettings;
  /** Records the events of one request, together with those of others that arrive at the same time. */
  readonly recordEvents: RecordEvents;
  /** Who sends this token; of many requests with one token at the same moment the database is asked once. */
  readonly authenticateToken: (token: string) => Promise<Principal>;
}

export interface WebSettings {
  /** Where people reach the service, without a slash at the end. */
  readonly publicUrl: string;
  /** Requests a minute that one API key may make. */
  readonly rateLimitPerMinute: number;
  /** Proxies before the service whose word about the client's address is taken; none unless told. */
  readonly trustProxy?: number;
}
