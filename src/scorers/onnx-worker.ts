/**
 * The thread that holds ONNX models and runs them, so that nobody who is served waits for a large one. The runtime is
 * WebAssembly: a model file that is made to hurt can end this thread, and reach nothing outside it.
 */
import { parentPort } from 'node:worker_threads';
import type { ModelShape, OnnxAsk, OnnxFault, OnnxWord, PortShape } from './onnx-words.js';

/** The little of onnxruntime that is used; it is not installed with Postulate, so that its types may be absent. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads?: number }; logLevel?: string };
  readonly InferenceSession: { create(content: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float32', values: Float32Array, dims: readonly number[]) => unknown;
}

interface Session {
  readonly inputMetadata: readonly PortMetadata[];
  readonly outputMetadata: readonly PortMetadata[];
  run(
    feeds: Record<string, unknown>,
    fetches: readonly string[],
  ): Promise<Record<string, Output | undefined>>;
}

interface PortMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

interface Output {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
}

class Fault extends Error {
  readonly code: OnnxFault;
  constructor(code: OnnxFault, message: string) {
    super(message);
    this.code = code;
  }
}

const sessions = new Map<string, Session>();
let runtime: Promise<Runtime> | undefined;

async function loadRuntime(): Promise<Runtime> {
  const name = 'onnxruntime-web';
  const loaded = (await import(name).catch((error: unknown) => {
    throw new Fault('runtime_missing', error instanceof Error ? error.message : String(error));
  })) as Runtime;
  // One thread: this one. More would each be a thread of the process.
  loaded.env.wasm.numThreads = 1;
  loaded.env.logLevel = 'fatal';
  return loaded;
}

async function answer(ask: OnnxAsk): Promise<OnnxWord> {
  const ort = await (runtime ??= loadRuntime());
  if (ask.do === 'load') {
    const session = await ort.InferenceSession.create(ask.content).catch((error: unknown) => {
      throw new Fault('unreadable', error instanceof Error ? error.message : String(error));
    });
    sessions.set(ask.file, session);
    return { id: ask.id, said: 'loaded', shape: shapeOf(session) };
  }
  const { id, file, input, output, outputColumn, rows, columns, values } = ask;
  const session = sessions.get(file);
  if (!session) throw new Fault('not_loaded', 'the model was not loaded');
  const outputs = await session
    .run({ [input]: new ort.Tensor('float32', values, [rows, columns]) }, [output])
    .catch((error: unknown) => {
      throw new Fault('run_failed', error instanceof Error ? error.message : String(error));
    });
  return { id, said: 'scored', scores: scoresIn(outputs[output], rows, outputColumn) };
}

function scoresIn(output: Output | undefined, rows: number, column: number): Float64Array {
  const { type, dims, data } = output ?? { type: 'nothing', dims: [], data: [] };
  if (!['float32', 'float64'].includes(type) || dims.length < 1 || dims.length > 2)
    throw new Fault(
      'wrong_output',
      `the output is ${type} of ${dims.length} dimensions, not a table of numbers`,
    );
  const [length = 0, width = 1] = dims;
  if (length !== rows) throw new Fault('wrong_length', `${length} scores for ${rows} recipients`);
  if (column >= width)
    throw new Fault('wrong_output', `a row of the output has ${width} numbers, and none at place ${column}`);
  return Float64Array.from({ length: rows }, (_, row) => Number(data[row * width + column]));
}

function shapeOf({ inputMetadata, outputMetadata }: Session): ModelShape {
  const port = ({ name, isTensor, type, shape }: PortMetadata): PortShape => ({
    name,
    type: isTensor ? (type ?? 'other') : 'other',
    shape: shape ?? [],
  });
  return { inputs: inputMetadata.map(port), outputs: outputMetadata.map(port) };
}

function fault(id: number, error: unknown): OnnxWord {
  const code = error instanceof Fault ? error.code : 'run_failed';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  return { id, said: 'failed', code, message };
}

const port = parentPort;
// One after the other, in the order of the asks: a model is loaded before it is run.
let turn: Promise<void> = Promise.resolve();
port?.on('message', (ask: OnnxAsk) => {
  turn = turn.then(async () => {
    const word = await answer(ask).catch((error: unknown) => fault(ask.id, error));
    port.postMessage(word);
  });
});
