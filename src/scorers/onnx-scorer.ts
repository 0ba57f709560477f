import type { NoScore, Score } from '../profiles/history.js';
import type { Cell } from '../strategies/ml/table.js';
import { inputRow } from '../strategies/scorers/onnx-columns.js';
import { checkedScore, refusal } from '../strategies/scorers/score-answer.js';
import type { OnnxScorer } from '../strategies/scorers/scorer.js';
import { OnnxThread, type ThreadWord } from './onnx-thread.js';
import type { ModelShape } from './onnx-words.js';

export interface OnnxCall {
  /** `name@version`. */
  readonly reference: string;
  readonly definition: OnnxScorer;
  /** The bytes of the model; undefined: they are gone. Read once. */
  readonly content: () => Promise<Uint8Array | undefined>;
  readonly rows: readonly (readonly Cell[])[];
  readonly signal: AbortSignal;
}

export interface OnnxCaller {
  /** Scores for all rows, or why there are none. Never throws. */
  call(call: OnnxCall): Promise<readonly Score[] | NoScore>;
  /** Why a model cannot be used as it is described, in a sentence; undefined: it can. */
  examine(definition: OnnxScorer, content: Uint8Array): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The thread may have to be started and the runtime read, which takes a second or three. */
const loadMs = 30_000;
const hangMs = 10_000;
export const howToInstall = 'npm install --no-save onnxruntime-web@1.30.0';

export function onnxCaller(thread = new OnnxThread()): OnnxCaller {
  return {
    async call({ reference, definition, content, rows, signal }) {
      const inputs = rows.map((row) => inputRow(definition.columns, definition.features, row));
      const known = inputs.flatMap((input) => ('missing' in input ? [] : [input]));
      if (known.length === 0) return inputs.map((input) => missing(reference, input));
      const loaded = await inTime(load(thread, definition.file, content), signal);
      if (loaded === 'late') return refusal('loading', `${reference} is still being loaded`);
      const word = loaded.said === 'loaded' ? await run(thread, definition, known, signal) : loaded;
      if (word.said !== 'scored') return refusal(codeOf(word), `${reference}: ${sayWhy(word)}`);
      let next = 0;
      return inputs.map((input) => {
        if ('missing' in input) return missing(reference, input);
        return checkedScore(word.scores[next++], { scorer: reference, probability: definition.probability });
      });
    },
    async examine(definition, content) {
      const signal = AbortSignal.timeout(loadMs);
      const loaded = await load(thread, definition.file, () => Promise.resolve(content));
      if (loaded.said !== 'loaded') return sayWhy(loaded);
      const mistake = mistakeIn(loaded.shape, definition);
      if (mistake !== undefined) return mistake;
      const row = definition.columns.map(({ missing: value }) => value ?? 0);
      const tried = await run(thread, definition, [row, row], signal);
      return tried.said === 'scored' ? undefined : sayWhy(tried);
    },
    close: () => thread.close(),
  };
}

const missing = (reference: string, input: ReturnType<typeof inputRow>): NoScore =>
  refusal(
    'feature_missing',
    `${reference} needs ${'missing' in input ? input.missing : ''}, which is not known`,
  );

/** Loads a model once; what failed is tried again by the next call. */
function load(thread: OnnxThread, file: string, content: OnnxCall['content']): Promise<ThreadWord> {
  const known = thread.files.get(file);
  if (known) return known;
  const loading = (async (): Promise<ThreadWord> => {
    const bytes = await content().catch(() => undefined);
    if (!bytes) return { said: 'failed', code: 'not_loaded', message: 'its file is missing' };
    return thread.ask({ do: 'load', file, content: bytes }, AbortSignal.timeout(loadMs), loadMs);
  })();
  thread.files.set(file, loading);
  void loading.then((word) => {
    if (word.said !== 'loaded' && thread.files.get(file) === loading) thread.files.delete(file);
  });
  return loading;
}

function run(
  thread: OnnxThread,
  { file, input, output, outputColumn }: OnnxScorer,
  rows: readonly (readonly number[])[],
  signal: AbortSignal,
): Promise<ThreadWord> {
  const columns = rows[0]?.length ?? 0;
  const values = Float32Array.from(rows.flat());
  return thread.ask(
    { do: 'score', file, input, output, outputColumn, rows: rows.length, columns, values },
    signal,
    hangMs,
  );
}

function mistakeIn({ inputs, outputs }: ModelShape, definition: OnnxScorer): string | undefined {
  const names = (ports: ModelShape['inputs']): string => ports.map(({ name }) => `"${name}"`).join(', ');
  const [input, ...more] = inputs;
  if (!input || more.length > 0 || input.name !== definition.input)
    return `The model has the inputs ${names(inputs)}, and not just "${definition.input}": a model takes one table of numbers.`;
  const { type, shape } = input;
  if (type !== 'float32' || shape.length !== 2)
    return `The input "${input.name}" takes ${type} of ${shape.length} dimensions, not a table of 32-bit numbers.`;
  const width = shape[1];
  if (typeof width === 'number' && width > 0 && width !== definition.columns.length)
    return `The input "${input.name}" has ${width} columns, and the definition ${definition.columns.length}: other features than it was trained on.`;
  if (!outputs.some(({ name }) => name === definition.output))
    return `The model has no output "${definition.output}", only ${names(outputs)}.`;
  return undefined;
}

const codeOf = (word: ThreadWord): string => (word.said === 'failed' ? word.code : 'run_failed');

function sayWhy(word: ThreadWord): string {
  if (word.said !== 'failed') return 'its thread answered something else';
  if (word.code === 'runtime_missing')
    return `ONNX models need onnxruntime-web, which is not installed: ${howToInstall}`;
  if (word.code === 'unreadable')
    return 'The file is no ONNX model that can be read: it is truncated, of another version, or something else.';
  if (word.code === 'run_failed') return `The model cannot be run on such rows: ${word.message}`;
  return word.message;
}

async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'late'> {
  if (signal.aborted) return 'late';
  return new Promise((resolve) => {
    const late = (): void => resolve('late');
    signal.addEventListener('abort', late, { once: true });
    void work.then((value) => {
      signal.removeEventListener('abort', late);
      resolve(value);
    });
  });
}
