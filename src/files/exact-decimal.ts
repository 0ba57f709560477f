/** Most decimals read: enough for what other programs write of a double, such as 29.990000000000002 or 5.6e-17. */
export const mostDecimals = 40;
const mostDigits = 15;

const [zero, nine, minus, space, tab] = [0x30, 0x39, 0x2d, 0x20, 0x09];

/** A decimal number as an integer and a number of decimals: 19.90 is 199 with 1. Never through a rounded double. */
export class ExactDecimal {
  units: number | bigint = 0;
  decimals = 0;
  /** Why the last text was refused. */
  problem = '';

  readonly #point: number;

  /** `point` is the decimal separator: `.` or `,`. */
  constructor(point: '.' | ',' = '.') {
    this.#point = point.charCodeAt(0);
  }

  /** Reads bytes [from, to); false with `problem` when they are no number that can be kept exactly. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    let [start, end] = [from, to];
    while (start < end && isBlank(bytes[start])) start++;
    while (end > start && isBlank(bytes[end - 1])) end--;
    if (start === end) return this.#refuse('is empty');
    return this.#readShort(bytes, start, end) || this.#readLong(bytes, start, end);
  }

  /** Plain digits that fit a safe integer: nearly every value. */
  #readShort(bytes: Uint8Array, start: number, end: number): boolean {
    const negative = bytes[start] === minus;
    const first = negative ? start + 1 : start;
    if (end - first > mostDigits || end === first) return false;
    let units = 0;
    let pointAt = -1;
    for (let i = first; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= zero && byte <= nine) units = units * 10 + (byte - zero);
      else if (byte === this.#point && pointAt < 0 && i > first && i < end - 1) pointAt = i;
      else return false;
    }
    let decimals = pointAt < 0 ? 0 : end - 1 - pointAt;
    while (decimals > 0 && units % 10 === 0) {
      units /= 10;
      decimals--;
    }
    if (decimals > mostDecimals) return false;
    this.units = negative && units !== 0 ? -units : units;
    this.decimals = decimals;
    return true;
  }

  /** Anything else that is a number: a sign, many digits, an exponent. */
  #readLong(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > 400) return this.#refuse('is not a number');
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const point = this.#point === 0x2c ? ',' : '\\.';
    const pattern = new RegExp(`^([+-]?)(\\d*)(?:${point}(\\d*))?(?:[eE]([+-]?\\d{1,4}))?$`);
    const match = pattern.exec(text);
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
    if (!match || whole + fraction === '') return this.#refuse('is not a plain number');
    const digits = (whole + fraction).replace(/^0+/, '');
    const significant = digits.replace(/0+$/, '');
    if (significant === '') return this.#set(0, 0);
    let decimals = fraction.length - Number(exponent) - (digits.length - significant.length);
    if (decimals > mostDecimals) return this.#refuse(`has more than ${mostDecimals} decimals`);
    if (significant.length - decimals > mostDigits) return this.#refuse('is too large');
    let units = BigInt(significant);
    if (decimals < 0) {
      units *= 10n ** BigInt(-decimals);
      decimals = 0;
    }
    return this.#set(sign === '-' ? -units : units, decimals);
  }

  #set(units: number | bigint, decimals: number): true {
    const small = Number(units);
    this.units = Number.isSafeInteger(small) ? small : units;
    this.decimals = decimals;
    return true;
  }

  #refuse(problem: string): false {
    this.problem = problem;
    return false;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab;
}
