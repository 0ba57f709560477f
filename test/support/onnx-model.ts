/**
 * Writes small models as ONNX files (IR version 8, operator set 13), so that tests need no exporter: just enough of the protocol
 * buffers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for dense layers.
 */

export interface Layer {
  /** Inputs × outputs, row by row. */
  readonly weights: readonly number[];
  /** One for each output. */
  readonly bias: readonly number[];
}

export interface ModelNames {
  readonly input?: string;
  readonly output?: string;
}

/** Dense layers with ReLU between them and a sigmoid at the end: of one layer a logistic regression, of more a network. */
export function denseModel(
  layers: readonly Layer[],
  { input = 'X', output = 'P' }: ModelNames = {},
): Uint8Array {
  const graph: Buffer[] = [];
  let from = input;
  layers.forEach((_, i) => {
    const isLast = i === layers.length - 1;
    const to = isLast ? output : `h${i}`;
    graph.push(
      node('MatMul', [from, `W${i}`], `m${i}`),
      node('Add', [`m${i}`, `B${i}`], `a${i}`),
      node(isLast ? 'Sigmoid' : 'Relu', [`a${i}`], to),
    );
    from = to;
  });
  graph.push(text(2, 'dense'));
  layers.forEach(({ weights, bias }, i) => {
    graph.push(tensor(`W${i}`, [weights.length / bias.length, bias.length], weights));
    graph.push(tensor(`B${i}`, [bias.length], bias));
  });
  const width = (layers[0]?.weights.length ?? 0) / (layers[0]?.bias.length ?? 1);
  graph.push(port(11, input, ['N', width]), port(12, output, ['N', layers.at(-1)?.bias.length ?? 1]));
  return Buffer.concat([number(1, 8), message(7, graph), message(8, [text(1, ''), number(2, 13)])]);
}

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return message(1, [...inputs.map((name) => text(1, name)), text(2, output), text(4, operator)]);
}

function tensor(name: string, sizes: readonly number[], values: readonly number[]): Buffer {
  const raw = Buffer.from(Float32Array.from(values).buffer);
  return message(5, [...sizes.map((size) => number(1, size)), number(2, 1), text(8, name), bytes(9, raw)]);
}

/** An input (field 11) or output (12) of 32-bit numbers; sizes that are texts are open. */
function port(field: number, name: string, sizes: readonly (number | string)[]): Buffer {
  const shape = sizes.map((size) => message(1, [typeof size === 'string' ? text(2, size) : number(1, size)]));
  return message(field, [text(1, name), message(2, [message(1, [number(1, 1), message(2, shape)])])]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...out, left]);
    out.push((left % 128) | 128);
  }
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value, 'utf8'));
const message = (field: number, parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts));
