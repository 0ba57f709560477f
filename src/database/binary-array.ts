/** What the elements of an array can be on the wire. Everything else goes as text, to be read on the server. */
export type ArrayType = 'text' | 'int' | 'bigint' | 'timestamptz';
export type ArrayElement = string | number | bigint | Date | null | undefined;

/** Number of the type in PostgreSQL's catalogue, and bytes of an element; of texts that differs. */
const elements = {
  text: { oid: 25, bytes: undefined },
  int: { oid: 23, bytes: 4 },
  bigint: { oid: 20, bytes: 8 },
  timestamptz: { oid: 1184, bytes: 8 },
} as const satisfies Record<ArrayType, { readonly oid: number; readonly bytes: number | undefined }>;

const headerBytes = 20;
const lengthBytes = 4;
const two32 = 2 ** 32;
/** PostgreSQL counts microseconds from here. */
const epoch = Date.UTC(2000, 0, 1);
/** Writing a text sign by sign is quicker than the call to do it, up to here. */
const shortText = 64;

/**
 * A one-dimensional array in PostgreSQL's binary format; the driver sends buffers as they are. Neither side makes or reads
 * a text with quotes and commas, which was a fifth of the work of recording events.
 *
 * @param values of `bigint`: within 64 bits; of `timestamptz`: a Date or milliseconds since 1970.
 */
export function binaryArray(type: ArrayType, values: ArrayLike<ArrayElement>): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + mostBytes(type, values));
  let at = headerBytes;
  let nulls = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value === null || value === undefined) {
      nulls = 1;
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    const end = writeElement(bytes, at + lengthBytes, type, value);
    bytes.writeInt32BE(end - at - lengthBytes, at);
    at = end;
  }
  bytes.writeInt32BE(values.length === 0 ? 0 : 1, 0); // dimensions
  bytes.writeInt32BE(nulls, 4);
  bytes.writeInt32BE(elements[type].oid, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16); // number of the first element
  return bytes.subarray(0, values.length === 0 ? 12 : at);
}

function mostBytes(type: ArrayType, values: ArrayLike<ArrayElement>): number {
  const { bytes } = elements[type];
  if (bytes !== undefined) return values.length * (lengthBytes + bytes);
  let most = 0;
  for (let i = 0; i < values.length; i += 1) most += lengthBytes + mostTextBytes(values[i]);
  return most;
}

function mostTextBytes(value: ArrayElement): number {
  if (typeof value !== 'string') return value === null || value === undefined ? 0 : String(value).length;
  return value.length <= shortText ? 3 * value.length : Buffer.byteLength(value);
}

/** @returns the place after it. */
function writeElement(bytes: Buffer, at: number, type: ArrayType, value: string | number | bigint | Date) {
  switch (type) {
    case 'text':
      return writeText(bytes, at, typeof value === 'string' ? value : String(value));
    case 'int':
      return bytes.writeInt32BE(Number(value), at);
    case 'bigint':
      return writeInt64(bytes, at, Number(value), value);
    case 'timestamptz':
      return writeInt64(bytes, at, (Number(value) - epoch) * 1_000);
  }
}

function writeText(bytes: Buffer, at: number, text: string): number {
  if (text.length > shortText) return at + bytes.write(text, at);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 127) return at + bytes.write(text, at);
    bytes[at + i] = code;
  }
  return at + text.length;
}

/** @param exact where the number may be more than a double holds. */
function writeInt64(
  bytes: Buffer,
  at: number,
  value: number,
  exact?: string | number | bigint | Date,
): number {
  if (!Number.isSafeInteger(value)) return bytes.writeBigInt64BE(BigInt(String(exact ?? value)), at);
  const high = Math.floor(value / two32);
  bytes.writeInt32BE(high, at);
  return bytes.writeUInt32BE(value - high * two32, at + 4);
}
