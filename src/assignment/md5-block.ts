/** The sixteen 32-bit words of one 64-byte block, little-endian as MD5 wants them. */
export type Block = Int32Array &
  Record<0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15, number>;

/** The running state A, B, C, D of RFC 1321. */
export type State = Int32Array & Record<0 | 1 | 2 | 3, number>;

export function newBlock(): Block {
  return new Int32Array(16) as Block;
}

export function newState(): State {
  return new Int32Array(4) as State;
}

/** Sixteen moves one by one, which is quicker than a loop and much quicker than `set`. */
export function copyBlock(from: Block, to: Block): void {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
  to[3] = from[3];
  to[4] = from[4];
  to[5] = from[5];
  to[6] = from[6];
  to[7] = from[7];
  to[8] = from[8];
  to[9] = from[9];
  to[10] = from[10];
  to[11] = from[11];
  to[12] = from[12];
  to[13] = from[13];
  to[14] = from[14];
  to[15] = from[15];
}

/**
 * Folds one block into the state. The steps are written out, because V8 inlines them so and is twice as fast. In
 * each sum the mixing of `b` comes last: `b` is what the step before has just computed, all else is ready earlier.
 */
export function compress(state: State, block: Block): void {
  const a = state[0];
  const b = state[1];
  const c = state[2];
  const d = state[3];
  round1(state, block);
  round2(state, block);
  round3(state, block);
  round4(state, block);
  state[0] = state[0] + a;
  state[1] = state[1] + b;
  state[2] = state[2] + c;
  state[3] = state[3] + d;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function round1(state: State, m: Block): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  a = (b + rotate((a + m[0] + 0xd76aa478 + (d ^ (b & (c ^ d)))) | 0, 7)) | 0;
  d = (a + rotate((d + m[1] + 0xe8c7b756 + (c ^ (a & (b ^ c)))) | 0, 12)) | 0;
  c = (d + rotate((c + m[2] + 0x242070db + (b ^ (d & (a ^ b)))) | 0, 17)) | 0;
  b = (c + rotate((b + m[3] + 0xc1bdceee + (a ^ (c & (d ^ a)))) | 0, 22)) | 0;
  a = (b + rotate((a + m[4] + 0xf57c0faf + (d ^ (b & (c ^ d)))) | 0, 7)) | 0;
  d = (a + rotate((d + m[5] + 0x4787c62a + (c ^ (a & (b ^ c)))) | 0, 12)) | 0;
  c = (d + rotate((c + m[6] + 0xa8304613 + (b ^ (d & (a ^ b)))) | 0, 17)) | 0;
  b = (c + rotate((b + m[7] + 0xfd469501 + (a ^ (c & (d ^ a)))) | 0, 22)) | 0;
  a = (b + rotate((a + m[8] + 0x698098d8 + (d ^ (b & (c ^ d)))) | 0, 7)) | 0;
  d = (a + rotate((d + m[9] + 0x8b44f7af + (c ^ (a & (b ^ c)))) | 0, 12)) | 0;
  c = (d + rotate((c + m[10] + 0xffff5bb1 + (b ^ (d & (a ^ b)))) | 0, 17)) | 0;
  b = (c + rotate((b + m[11] + 0x895cd7be + (a ^ (c & (d ^ a)))) | 0, 22)) | 0;
  a = (b + rotate((a + m[12] + 0x6b901122 + (d ^ (b & (c ^ d)))) | 0, 7)) | 0;
  d = (a + rotate((d + m[13] + 0xfd987193 + (c ^ (a & (b ^ c)))) | 0, 12)) | 0;
  c = (d + rotate((c + m[14] + 0xa679438e + (b ^ (d & (a ^ b)))) | 0, 17)) | 0;
  b = (c + rotate((b + m[15] + 0x49b40821 + (a ^ (c & (d ^ a)))) | 0, 22)) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function round2(state: State, m: Block): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  a = (b + rotate((a + m[1] + 0xf61e2562 + (c & ~d) + (b & d)) | 0, 5)) | 0;
  d = (a + rotate((d + m[6] + 0xc040b340 + (b & ~c) + (a & c)) | 0, 9)) | 0;
  c = (d + rotate((c + m[11] + 0x265e5a51 + (a & ~b) + (d & b)) | 0, 14)) | 0;
  b = (c + rotate((b + m[0] + 0xe9b6c7aa + (d & ~a) + (c & a)) | 0, 20)) | 0;
  a = (b + rotate((a + m[5] + 0xd62f105d + (c & ~d) + (b & d)) | 0, 5)) | 0;
  d = (a + rotate((d + m[10] + 0x02441453 + (b & ~c) + (a & c)) | 0, 9)) | 0;
  c = (d + rotate((c + m[15] + 0xd8a1e681 + (a & ~b) + (d & b)) | 0, 14)) | 0;
  b = (c + rotate((b + m[4] + 0xe7d3fbc8 + (d & ~a) + (c & a)) | 0, 20)) | 0;
  a = (b + rotate((a + m[9] + 0x21e1cde6 + (c & ~d) + (b & d)) | 0, 5)) | 0;
  d = (a + rotate((d + m[14] + 0xc33707d6 + (b & ~c) + (a & c)) | 0, 9)) | 0;
  c = (d + rotate((c + m[3] + 0xf4d50d87 + (a & ~b) + (d & b)) | 0, 14)) | 0;
  b = (c + rotate((b + m[8] + 0x455a14ed + (d & ~a) + (c & a)) | 0, 20)) | 0;
  a = (b + rotate((a + m[13] + 0xa9e3e905 + (c & ~d) + (b & d)) | 0, 5)) | 0;
  d = (a + rotate((d + m[2] + 0xfcefa3f8 + (b & ~c) + (a & c)) | 0, 9)) | 0;
  c = (d + rotate((c + m[7] + 0x676f02d9 + (a & ~b) + (d & b)) | 0, 14)) | 0;
  b = (c + rotate((b + m[12] + 0x8d2a4c8a + (d & ~a) + (c & a)) | 0, 20)) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function round3(state: State, m: Block): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  a = (b + rotate((a + m[5] + 0xfffa3942 + (b ^ (c ^ d))) | 0, 4)) | 0;
  d = (a + rotate((d + m[8] + 0x8771f681 + (a ^ (b ^ c))) | 0, 11)) | 0;
  c = (d + rotate((c + m[11] + 0x6d9d6122 + (d ^ (a ^ b))) | 0, 16)) | 0;
  b = (c + rotate((b + m[14] + 0xfde5380c + (c ^ (d ^ a))) | 0, 23)) | 0;
  a = (b + rotate((a + m[1] + 0xa4beea44 + (b ^ (c ^ d))) | 0, 4)) | 0;
  d = (a + rotate((d + m[4] + 0x4bdecfa9 + (a ^ (b ^ c))) | 0, 11)) | 0;
  c = (d + rotate((c + m[7] + 0xf6bb4b60 + (d ^ (a ^ b))) | 0, 16)) | 0;
  b = (c + rotate((b + m[10] + 0xbebfbc70 + (c ^ (d ^ a))) | 0, 23)) | 0;
  a = (b + rotate((a + m[13] + 0x289b7ec6 + (b ^ (c ^ d))) | 0, 4)) | 0;
  d = (a + rotate((d + m[0] + 0xeaa127fa + (a ^ (b ^ c))) | 0, 11)) | 0;
  c = (d + rotate((c + m[3] + 0xd4ef3085 + (d ^ (a ^ b))) | 0, 16)) | 0;
  b = (c + rotate((b + m[6] + 0x04881d05 + (c ^ (d ^ a))) | 0, 23)) | 0;
  a = (b + rotate((a + m[9] + 0xd9d4d039 + (b ^ (c ^ d))) | 0, 4)) | 0;
  d = (a + rotate((d + m[12] + 0xe6db99e5 + (a ^ (b ^ c))) | 0, 11)) | 0;
  c = (d + rotate((c + m[15] + 0x1fa27cf8 + (d ^ (a ^ b))) | 0, 16)) | 0;
  b = (c + rotate((b + m[2] + 0xc4ac5665 + (c ^ (d ^ a))) | 0, 23)) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function round4(state: State, m: Block): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  a = (b + rotate((a + m[0] + 0xf4292244 + (c ^ (b | ~d))) | 0, 6)) | 0;
  d = (a + rotate((d + m[7] + 0x432aff97 + (b ^ (a | ~c))) | 0, 10)) | 0;
  c = (d + rotate((c + m[14] + 0xab9423a7 + (a ^ (d | ~b))) | 0, 15)) | 0;
  b = (c + rotate((b + m[5] + 0xfc93a039 + (d ^ (c | ~a))) | 0, 21)) | 0;
  a = (b + rotate((a + m[12] + 0x655b59c3 + (c ^ (b | ~d))) | 0, 6)) | 0;
  d = (a + rotate((d + m[3] + 0x8f0ccc92 + (b ^ (a | ~c))) | 0, 10)) | 0;
  c = (d + rotate((c + m[10] + 0xffeff47d + (a ^ (d | ~b))) | 0, 15)) | 0;
  b = (c + rotate((b + m[1] + 0x85845dd1 + (d ^ (c | ~a))) | 0, 21)) | 0;
  a = (b + rotate((a + m[8] + 0x6fa87e4f + (c ^ (b | ~d))) | 0, 6)) | 0;
  d = (a + rotate((d + m[15] + 0xfe2ce6e0 + (b ^ (a | ~c))) | 0, 10)) | 0;
  c = (d + rotate((c + m[6] + 0xa3014314 + (a ^ (d | ~b))) | 0, 15)) | 0;
  b = (c + rotate((b + m[13] + 0x4e0811a1 + (d ^ (c | ~a))) | 0, 21)) | 0;
  a = (b + rotate((a + m[4] + 0xf7537e82 + (c ^ (b | ~d))) | 0, 6)) | 0;
  d = (a + rotate((d + m[11] + 0xbd3af235 + (b ^ (a | ~c))) | 0, 10)) | 0;
  c = (d + rotate((c + m[2] + 0x2ad7d2bb + (a ^ (d | ~b))) | 0, 15)) | 0;
  b = (c + rotate((b + m[9] + 0xeb86d391 + (d ^ (c | ~a))) | 0, 21)) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}
