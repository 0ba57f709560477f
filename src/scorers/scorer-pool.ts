import type { NoScore, Score } from '../profiles/history.js';
import type { Cell } from '../strategies/ml/table.js';
import { secretsIn } from '../strategies/scorers/http-address.js';
import { isRefusal, refusal } from '../strategies/scorers/score-answer.js';
import {
  type HttpScorer,
  referenceOf,
  type RegisteredScorer,
  type ScorerDefinition,
} from '../strategies/scorers/scorer.js';
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

/** So many requests to one scorer at a time: more would only wait for each other. */
const mostRunning = 16;
/** And so many of one call, whose batches go out in turn. */
const lanes = 4;

export function scorerPool(tools: CallTools, settings: BreakerSettings = usualBreaker): ScorerPool {
  const http = httpCaller(tools);
  const onnx = onnxCaller();
  const guards = new Map<string, Guard>();
  const guardOf = (hash: string): Guard => {
    const guard = guards.get(hash) ?? new Guard(settings, tools.now);
    guards.set(hash, guard);
    return guard;
  };
  const ask = askerOf(http, onnx);
  return {
    async score(call) {
      if (call.rows.length === 0) return [];
      const guard = guardOf(call.scorer.hash);
      const signal = AbortSignal.timeout(call.scorer.definition.budgetMs);
      const scores = (await inLanes(batchesOf(call), (batch) => guard.score(batch, signal, ask))).flat();
      guard.record.told(...counted(scores));
      return scores;
    },
    async examine(definition, content) {
      if (definition.type === 'http') return unsetSecret(definition, tools);
      if (!content) return { path: 'file', message: 'There is no such file: give its content.' };
      const message = await onnx.examine(definition, content);
      return message === undefined ? undefined : { path: 'file', message };
    },
    // A scorer that was only looked at is not kept.
    state: (hash) => (guards.get(hash) ?? new Guard(settings, tools.now)).state(),
    get open() {
      return [...guards.values()].filter((guard) => guard.state().breaker !== 'closed').length;
    },
    async close() {
      http.close();
      await onnx.close();
    },
  };
}

type Ask = (call: ScoreCall, signal: AbortSignal) => Promise<readonly Score[] | NoScore>;

/** Asks a scorer where it is. */
function askerOf(http: ReturnType<typeof httpCaller>, onnx: ReturnType<typeof onnxCaller>): Ask {
  return async ({ scorer, rows, clock, file }, signal) => {
    const { definition } = scorer;
    const reference = referenceOf(scorer);
    return definition.type === 'http'
      ? http.call({ reference, definition, rows, clock, signal })
      : onnx.call({ reference, definition, rows, signal, content: () => file(definition.file) });
  };
}

/** Stands before one scorer: it lets through what the scorer may be asked, and remembers what came of it. */
class Guard {
  readonly record = new CallRecord();
  readonly #breaker: Breaker;
  readonly #now: CallTools['now'];
  #running = 0;

  constructor(settings: BreakerSettings, now: CallTools['now']) {
    this.#breaker = new Breaker(settings);
    this.#now = now;
  }

  async score(call: ScoreCall, signal: AbortSignal, ask: Ask): Promise<readonly Score[]> {
    const answer = this.#refusal(referenceOf(call.scorer)) ?? (await this.#asked(call, signal, ask));
    return isRefusal(answer) ? call.rows.map(() => answer) : answer;
  }

  state(): ScorerState {
    const { until } = this.#breaker;
    return {
      breaker: this.#breaker.state(this.#now()),
      ...(until !== undefined && { until: new Date(until).toISOString() }),
      ...this.record.figures(),
    };
  }

  #refusal(reference: string): NoScore | undefined {
    if (this.#running >= mostRunning) return refusal('busy', `${reference} has too many to score at once`);
    return this.#breaker.mayCall(this.#now())
      ? undefined
      : refusal('circuit_open', `${reference} failed lately and was not asked`);
  }

  async #asked(call: ScoreCall, signal: AbortSignal, ask: Ask): Promise<readonly Score[] | NoScore> {
    this.#running += 1;
    const from = performance.now();
    const answer = await ask(call, signal).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : 'no error object';
      return refusal('failed', `${referenceOf(call.scorer)} failed with ${name}`);
    });
    this.#running -= 1;
    this.#learn(answer, performance.now() - from);
    return answer;
  }

  #learn(answer: readonly Score[] | NoScore, ms: number): void {
    const failed = isRefusal(answer) || isUseless(answer);
    this.record.called(ms, failed);
    if (isRefusal(answer) && answer.code === 'loading') this.#breaker.undecided();
    else if (failed) this.#breaker.failedAt(this.#now());
    else this.#breaker.succeeded();
  }
}

/** A call in parts that the scorer takes at once. */
function batchesOf(call: ScoreCall): ScoreCall[] {
  const { maxBatch } = call.scorer.definition;
  return Array.from({ length: Math.ceil(call.rows.length / maxBatch) }, (_, part) => ({
    ...call,
    rows: call.rows.slice(part * maxBatch, (part + 1) * maxBatch),
  }));
}

function unsetSecret({ headers }: HttpScorer, { secrets }: CallTools) {
  const secret = secretsIn(headers).find((name) => !secrets.has(name));
  if (secret === undefined) return undefined;
  const message = `the secret ${secret} is not set: set POSTULATE_SCORER_SECRET_${secret} where the service runs, and start it again`;
  return { path: 'definition.headers', message };
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
