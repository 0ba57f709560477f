import type { NoScore, Score } from '../profiles/history.js';
import type { Cell } from '../strategies/ml/table.js';
import { secretsIn } from '../strategies/scorers/http-address.js';
import { isRefusal, refusal } from '../strategies/scorers/score-answer.js';
import { referenceOf, type RegisteredScorer, type ScorerDefinition } from '../strategies/scorers/scorer.js';
import { Breaker, type BreakerSettings, type BreakerState, usualBreaker } from './breaker.js';
import { type CallFigures, CallRecord } from './call-record.js';
import { type CallTools, httpCaller } from './http-scorer.js';
import { onnxCaller } from './onnx-scorer.js';

export interface ScoreCall {
  readonly scorer: RegisteredScorer;
  /** Its features of each recipient, in their order. */
  readonly rows: readonly (readonly Cell[])[];
  /** As of when the features are. */
  readonly clock: Date;
  /** The bytes of an ONNX model, by the hash of its file. */
  readonly file: (hash: string) => Promise<Uint8Array | undefined>;
}

export interface ScorerState extends CallFigures {
  readonly breaker: BreakerState;
  /** When somebody may try again (ISO 8601), where the breaker is not closed. */
  readonly until?: string;
}

/** Asks models from elsewhere. Nothing here ever throws for what a scorer does. */
export interface ScorerPool {
  /** One answer for each row, within the budget of the scorer. */
  score(call: ScoreCall): Promise<readonly Score[]>;
  /** Why a scorer cannot work here, in a sentence, with its path: its secrets are not set, its file cannot be used. */
  examine(
    definition: ScorerDefinition,
    content: Uint8Array | undefined,
  ): Promise<{ readonly path: string; readonly message: string } | undefined>;
  /** As this process has seen it since its start. */
  state(hash: string): ScorerState;
  /** How many scorers are not asked, because they fail. */
  readonly open: number;
  close(): Promise<void>;
}

interface Guarded {
  readonly breaker: Breaker;
  readonly record: CallRecord;
  running: number;
}

/** So many requests to one scorer at a time: more would only wait for each other. */
const mostRunning = 16;
/** And so many of one call, whose batches go out in turn. */
const lanes = 4;

export function scorerPool(tools: CallTools, breaker: BreakerSettings = usualBreaker): ScorerPool {
  const http = httpCaller(tools);
  const onnx = onnxCaller();
  const guarded = new Map<string, Guarded>();
  const guardOf = (hash: string): Guarded => {
    const found = guarded.get(hash) ?? {
      breaker: new Breaker(breaker),
      record: new CallRecord(),
      running: 0,
    };
    guarded.set(hash, found);
    return found;
  };

  async function ask(call: ScoreCall, signal: AbortSignal): Promise<readonly Score[] | NoScore> {
    const { scorer, rows, clock, file } = call;
    const reference = referenceOf(scorer);
    const { definition } = scorer;
    if (definition.type === 'http') return http.call({ reference, definition, rows, clock, signal });
    return onnx.call({ reference, definition, rows, signal, content: () => file(definition.file) });
  }

  async function askGuarded(call: ScoreCall, signal: AbortSignal): Promise<readonly Score[]> {
    const guard = guardOf(call.scorer.hash);
    const reference = referenceOf(call.scorer);
    const all = (why: NoScore): readonly Score[] => call.rows.map(() => why);
    if (guard.running >= mostRunning)
      return all(refusal('busy', `${reference} has too many to score at once`));
    if (!guard.breaker.mayCall(tools.now()))
      return all(refusal('circuit_open', `${reference} failed lately and was not asked`));
    guard.running += 1;
    const from = performance.now();
    const answer = await ask(call, signal).catch((error: unknown) =>
      refusal(
        'failed',
        `${reference} failed with ${error instanceof Error ? error.name : 'no error object'}`,
      ),
    );
    guard.running -= 1;
    const failed = isRefusal(answer) || isUseless(answer);
    guard.record.called(performance.now() - from, failed);
    if (isRefusal(answer) && answer.code === 'loading') guard.breaker.undecided();
    else if (failed) guard.breaker.failedAt(tools.now());
    else guard.breaker.succeeded();
    return isRefusal(answer) ? all(answer) : answer;
  }

  return {
    async score(call) {
      if (call.rows.length === 0) return [];
      const { budgetMs, maxBatch } = call.scorer.definition;
      const signal = AbortSignal.timeout(budgetMs);
      const parts = Array.from({ length: Math.ceil(call.rows.length / maxBatch) }, (_, part) => ({
        ...call,
        rows: call.rows.slice(part * maxBatch, (part + 1) * maxBatch),
      }));
      const scores = (await inLanes(parts, (part) => askGuarded(part, signal))).flat();
      guardOf(call.scorer.hash).record.told(...counted(scores));
      return scores;
    },
    async examine(definition, content) {
      if (definition.type === 'onnx') {
        if (!content) return { path: 'file', message: 'There is no such file: give its content.' };
        const message = await onnx.examine(definition, content);
        return message === undefined ? undefined : { path: 'file', message };
      }
      const secret = secretsIn(definition.headers).find((name) => !tools.secrets.has(name));
      if (secret === undefined) return undefined;
      const message = `the secret ${secret} is not set: set POSTULATE_SCORER_SECRET_${secret} where the service runs, and start it again`;
      return { path: 'definition.headers', message };
    },
    state(hash) {
      const { breaker: own, record } = guarded.get(hash) ?? {
        breaker: new Breaker(breaker),
        record: new CallRecord(),
      };
      const { until } = own;
      return {
        breaker: own.state(tools.now()),
        ...(until !== undefined && { until: new Date(until).toISOString() }),
        ...record.figures(),
      };
    },
    get open() {
      return [...guarded.values()].filter(({ breaker: own }) => own.state(tools.now()) !== 'closed').length;
    },
    async close() {
      http.close();
      await onnx.close();
    },
  };
}

/** Works on all parts in their order, some of them at a time. */
async function inLanes<T, R>(parts: readonly T[], work: (part: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < parts.length) {
      const at = next++;
      done[at] = await work(parts[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, parts.length) }, lane));
  return done;
}

/** No row has a score, for reasons that lie with the scorer. */
const isUseless = (scores: readonly Score[]): boolean =>
  scores.every((score) => typeof score !== 'number' && score.code !== 'feature_missing');

function counted(scores: readonly Score[]): [number, ReadonlyMap<string, number>] {
  const refused = new Map<string, number>();
  for (const score of scores)
    if (typeof score !== 'number') refused.set(score.code, (refused.get(score.code) ?? 0) + 1);
  const scored = scores.filter((score) => typeof score === 'number').length;
  return [scored, refused];
}
