/** Before the first retry at most so long, twice as long before each further one. */
const baseMs = 20;
const mostMs = 1_000;

/**
 * How long to wait before another attempt: exponential, with full jitter, so that many who failed together do not come back
 * together (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015).
 *
 * @param retry 0 before the first retry.
 * @param chance from 0 to 1.
 * @param afterMs what the scorer asked for (Retry-After); never less.
 */
export function backoffMs(retry: number, chance: number, afterMs = 0): number {
  return afterMs + chance * Math.min(mostMs, baseMs * 2 ** retry);
}

/** Milliseconds that a Retry-After header asks for; undefined where it says nothing that is understood. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  // The date of HTTP; Date.parse alone would read one out of almost anything.
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
