/** Numbers of a model as text: base64 of little-endian bytes, so that a file means the same on every machine. */

type Numbers = Int32Array | Float32Array | Float64Array;

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export function pack(numbers: Numbers): string {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return (isLittleEndian ? bytes : swapped(Buffer.from(bytes), numbers.BYTES_PER_ELEMENT)).toString('base64');
}

export function unpackInts(text: string): Int32Array {
  const buffer = bytesOf(text, 4);
  return new Int32Array(buffer);
}

export function unpackFloats(text: string): Float32Array {
  const numbers = new Float32Array(bytesOf(text, 4));
  if (!numbers.every(Number.isFinite)) throw new Error('a number in it is not finite');
  return numbers;
}

/** @throws Error where the text is no base64 of whole numbers. */
function bytesOf(text: string, width: number): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64');
  // Buffer leaves out whatever is no base64 and reads what is left: a damaged text would become other numbers.
  if (text.length !== 4 * Math.ceil(bytes.length / 3) || bytes.length % width !== 0) {
    throw new Error('its numbers are damaged or cut off');
  }
  const copy = new Uint8Array(bytes);
  if (!isLittleEndian) swapped(Buffer.from(copy.buffer), width);
  return copy.buffer;
}

function swapped(bytes: Buffer, width: number): Buffer {
  return width === 8 ? bytes.swap64() : bytes.swap32();
}
