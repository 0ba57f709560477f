/** What is said to the thread that holds ONNX models, and what it says. */
export type OnnxAsk =
  | { readonly id: number; readonly do: 'load'; readonly file: string; readonly content: Uint8Array }
  | {
      readonly id: number;
      readonly do: 'score';
      /** Hash of a file that was loaded. */
      readonly file: string;
      readonly input: string;
      readonly output: string;
      readonly outputColumn: number;
      readonly rows: number;
      readonly columns: number;
      /** Row by row. */
      readonly values: Float32Array;
    };

export type OnnxWord =
  | { readonly id: number; readonly said: 'loaded'; readonly shape: ModelShape }
  | { readonly id: number; readonly said: 'scored'; readonly scores: Float64Array }
  | { readonly id: number; readonly said: 'failed'; readonly code: OnnxFault; readonly message: string };

export type OnnxFault =
  'runtime_missing' | 'unreadable' | 'not_loaded' | 'run_failed' | 'wrong_output' | 'wrong_length';

/** What a model says of itself. */
export interface ModelShape {
  readonly inputs: readonly PortShape[];
  readonly outputs: readonly PortShape[];
}

export interface PortShape {
  readonly name: string;
  /** `float32`, `string`, …; `other` for what is no tensor. */
  readonly type: string;
  /** Texts stand for sizes that are left open. */
  readonly shape: readonly (number | string)[];
}
