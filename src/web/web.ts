import type { Context } from '../flows/context.js';

/** What every route works with. */
export interface Web {
  readonly ctx: Context;
  readonly settings: WebSettings;
}

export interface WebSettings {
  /** Where people reach the service, without a slash at the end. */
  readonly publicUrl: string;
  /** Requests a minute that one API key may make. */
  readonly rateLimitPerMinute: number;
  /** Proxies before the service whose word about the client's address is taken; none unless told. */
  readonly trustProxy?: number;
}
