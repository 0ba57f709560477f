import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NoScore, Score } from '../profiles/history.js';
import { isRefusal, readScores, refusal, scoreRequest } from '../strategies/scorers/score-answer.js';
import type { Headers } from '../strategies/scorers/http-address.js';
import type { HttpScorer } from '../strategies/scorers/scorer.js';
import type { Cell } from '../strategies/ml/table.js';
import { backoffMs, retryAfterMs } from './backoff.js';
import { postJson, type Posted, type PostFault } from './post-json.js';

/** Bytes of an answer: more than 30 for each score, and some for the rest. */
const mostBytesPerRow = 64;
const mostBytesBeside = 10_000;

export interface HttpCall {
  /** `name@version`. */
  readonly reference: string;
  readonly definition: HttpScorer;
  readonly rows: readonly (readonly Cell[])[];
  readonly clock: Date;
  /** Ends everything: the budget. */
  readonly signal: AbortSignal;
}

/** What waits and tries again in calls of scorers. */
export interface CallTools {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** By name. */
  readonly secrets: ReadonlyMap<string, string>;
}

export interface HttpCaller {
  /** Scores for all rows, or why there are none. Never throws. */
  call(call: HttpCall): Promise<readonly Score[] | NoScore>;
  close(): void;
}

type Attempt =
  readonly Score[] | { readonly fault: NoScore; readonly again: boolean; readonly afterMs?: number };

export function httpCaller(tools: CallTools): HttpCaller {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    async call(call) {
      const headers = resolved(call.definition.headers, tools.secrets);
      if ('missing' in headers) {
        const reason = `${call.reference} needs the secret ${headers.missing}: set POSTULATE_SCORER_SECRET_${headers.missing}`;
        return refusal('secret_missing', reason);
      }
      const { rows, clock, signal, definition } = call;
      const body = JSON.stringify(scoreRequest(definition.features, rows, clock));
      for (let retry = 0; ; retry += 1) {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(definition.timeoutMs)]);
        const mostBytes = mostBytesBeside + mostBytesPerRow * rows.length;
        const { url } = definition;
        const posted = await postJson({
          url,
          headers: headers.values,
          body,
          agents,
          signal: limited,
          mostBytes,
        });
        const attempt = judged(call, posted, tools.now());
        if (!('fault' in attempt)) return attempt;
        if (!attempt.again || retry >= definition.retries || signal.aborted) return attempt.fault;
        const wait = backoffMs(retry, tools.chance(), attempt.afterMs);
        // Nobody waits for what cannot come in time.
        if (wait >= definition.budgetMs) return attempt.fault;
        await sleep(wait, undefined, { signal }).catch(() => undefined);
        if (isAborted(signal)) return attempt.fault;
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function judged({ reference, definition, rows }: HttpCall, posted: Posted | PostFault, now: number): Attempt {
  if (typeof posted === 'string') {
    const again = posted !== 'forbidden_address' && posted !== 'too_large';
    return { fault: refusal(posted, `${reference} ${faults[posted]}`), again };
  }
  const { status, type, text, retryAfter } = posted;
  const fault = (code: string, what: string) => refusal(code, `${reference} ${what}`);
  if (status >= 300 && status < 400)
    return { fault: fault('redirect', 'answered with a redirect, which is not followed'), again: false };
  if (status !== 200) {
    const afterMs = retryAfterMs(retryAfter, now);
    const again = status === 429 || status >= 500;
    return {
      fault: fault('http_status', `answered HTTP ${status}`),
      again,
      ...(afterMs !== undefined && { afterMs }),
    };
  }
  if (type !== 'application/json')
    return { fault: fault('content_type', 'answered something other than application/json'), again: false };
  const { probability, model } = definition;
  const scores = readScores(text, { scorer: reference, rows: rows.length, probability, model });
  return isRefusal(scores) ? { fault: scores, again: false } : scores;
}

const faults: Readonly<Record<PostFault, string>> = {
  timeout: 'did not answer in time',
  unreachable: 'cannot be reached',
  forbidden_address: 'lies at an address where no scorer may be',
  cut_off: 'broke off in the middle of its answer',
  too_large: 'answered more than scores need',
};

function resolved(
  headers: Headers,
  secrets: ReadonlyMap<string, string>,
): { readonly values: Record<string, string> } | { readonly missing: string } {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'string' ? value : secrets.get(value.secret);
    if (text === undefined) return { missing: typeof value === 'string' ? name : value.secret };
    values[name] = text;
  }
  return { values };
}

/** Asked anew: what was false before a wait may be true after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
