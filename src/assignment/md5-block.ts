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

/**
 * Folds one block into the state. The steps are written out because V8 then inlines them: twice as fast as with
 * a mixing function for each round.
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
  a = (b + rotate((a + (d ^ (b & (c ^ d))) + m[0] + 0xd76aa478) | 0, 7)) | 0;
  d = (a + rotate((d + (c ^ (a & (b ^ c))) + m[1] + 0xe8c7b756) | 0, 12)) | 0;
  c = (d + rotate((c + (b ^ (d & (a ^ b))) + m[2] + 0x242070db) | 0, 17)) | 0;
  b = (c + rotate((b + (a ^ (c & (d ^ a))) + m[3] + 0xc1bdceee) | 0, 22)) | 0;
  a = (b + rotate((a + (d ^ (b & (c ^ d))) + m[4] + 0xf57c0faf) | 0, 7)) | 0;
  d = (a + rotate((d + (c ^ (a & (b ^ c))) + m[5] + 0x4787c62a) | 0, 12)) | 0;
  c = (d + rotate((c + (b ^ (d & (a ^ b))) + m[6] + 0xa8304613) | 0, 17)) | 0;
  b = (c + rotate((b + (a ^ (c & (d ^ a))) + m[7] + 0xfd469501) | 0, 22)) | 0;
  a = (b + rotate((a + (d ^ (b & (c ^ d))) + m[8] + 0x698098d8) | 0, 7)) | 0;
  d = (a + rotate((d + (c ^ (a & (b ^ c))) + m[9] + 0x8b44f7af) | 0, 12)) | 0;
  c = (d + rotate((c + (b ^ (d & (a ^ b))) + m[10] + 0xffff5bb1) | 0, 17)) | 0;
  b = (c + rotate((b + (a ^ (c & (d ^ a))) + m[11] + 0x895cd7be) | 0, 22)) | 0;
  a = (b + rotate((a + (d ^ (b & (c ^ d))) + m[12] + 0x6b901122) | 0, 7)) | 0;
  d = (a + rotate((d + (c ^ (a & (b ^ c))) + m[13] + 0xfd987193) | 0, 12)) | 0;
  c = (d + rotate((c + (b ^ (d & (a ^ b))) + m[14] + 0xa679438e) | 0, 17)) | 0;
  b = (c + rotate((b + (a ^ (c & (d ^ a))) + m[15] + 0x49b40821) | 0, 22)) | 0;
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
  a = (b + rotate((a + (c ^ (d & (b ^ c))) + m[1] + 0xf61e2562) | 0, 5)) | 0;
  d = (a + rotate((d + (b ^ (c & (a ^ b))) + m[6] + 0xc040b340) | 0, 9)) | 0;
  c = (d + rotate((c + (a ^ (b & (d ^ a))) + m[11] + 0x265e5a51) | 0, 14)) | 0;
  b = (c + rotate((b + (d ^ (a & (c ^ d))) + m[0] + 0xe9b6c7aa) | 0, 20)) | 0;
  a = (b + rotate((a + (c ^ (d & (b ^ c))) + m[5] + 0xd62f105d) | 0, 5)) | 0;
  d = (a + rotate((d + (b ^ (c & (a ^ b))) + m[10] + 0x02441453) | 0, 9)) | 0;
  c = (d + rotate((c + (a ^ (b & (d ^ a))) + m[15] + 0xd8a1e681) | 0, 14)) | 0;
  b = (c + rotate((b + (d ^ (a & (c ^ d))) + m[4] + 0xe7d3fbc8) | 0, 20)) | 0;
  a = (b + rotate((a + (c ^ (d & (b ^ c))) + m[9] + 0x21e1cde6) | 0, 5)) | 0;
  d = (a + rotate((d + (b ^ (c & (a ^ b))) + m[14] + 0xc33707d6) | 0, 9)) | 0;
  c = (d + rotate((c + (a ^ (b & (d ^ a))) + m[3] + 0xf4d50d87) | 0, 14)) | 0;
  b = (c + rotate((b + (d ^ (a & (c ^ d))) + m[8] + 0x455a14ed) | 0, 20)) | 0;
  a = (b + rotate((a + (c ^ (d & (b ^ c))) + m[13] + 0xa9e3e905) | 0, 5)) | 0;
  d = (a + rotate((d + (b ^ (c & (a ^ b))) + m[2] + 0xfcefa3f8) | 0, 9)) | 0;
  c = (d + rotate((c + (a ^ (b & (d ^ a))) + m[7] + 0x676f02d9) | 0, 14)) | 0;
  b = (c + rotate((b + (d ^ (a & (c ^ d))) + m[12] + 0x8d2a4c8a) | 0, 20)) | 0;
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
  a = (b + rotate((a + (b ^ c ^ d) + m[5] + 0xfffa3942) | 0, 4)) | 0;
  d = (a + rotate((d + (a ^ b ^ c) + m[8] + 0x8771f681) | 0, 11)) | 0;
  c = (d + rotate((c + (d ^ a ^ b) + m[11] + 0x6d9d6122) | 0, 16)) | 0;
  b = (c + rotate((b + (c ^ d ^ a) + m[14] + 0xfde5380c) | 0, 23)) | 0;
  a = (b + rotate((a + (b ^ c ^ d) + m[1] + 0xa4beea44) | 0, 4)) | 0;
  d = (a + rotate((d + (a ^ b ^ c) + m[4] + 0x4bdecfa9) | 0, 11)) | 0;
  c = (d + rotate((c + (d ^ a ^ b) + m[7] + 0xf6bb4b60) | 0, 16)) | 0;
  b = (c + rotate((b + (c ^ d ^ a) + m[10] + 0xbebfbc70) | 0, 23)) | 0;
  a = (b + rotate((a + (b ^ c ^ d) + m[13] + 0x289b7ec6) | 0, 4)) | 0;
  d = (a + rotate((d + (a ^ b ^ c) + m[0] + 0xeaa127fa) | 0, 11)) | 0;
  c = (d + rotate((c + (d ^ a ^ b) + m[3] + 0xd4ef3085) | 0, 16)) | 0;
  b = (c + rotate((b + (c ^ d ^ a) + m[6] + 0x04881d05) | 0, 23)) | 0;
  a = (b + rotate((a + (b ^ c ^ d) + m[9] + 0xd9d4d039) | 0, 4)) | 0;
  d = (a + rotate((d + (a ^ b ^ c) + m[12] + 0xe6db99e5) | 0, 11)) | 0;
  c = (d + rotate((c + (d ^ a ^ b) + m[15] + 0x1fa27cf8) | 0, 16)) | 0;
  b = (c + rotate((b + (c ^ d ^ a) + m[2] + 0xc4ac5665) | 0, 23)) | 0;
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
  a = (b + rotate((a + (c ^ (b | ~d)) + m[0] + 0xf4292244) | 0, 6)) | 0;
  d = (a + rotate((d + (b ^ (a | ~c)) + m[7] + 0x432aff97) | 0, 10)) | 0;
  c = (d + rotate((c + (a ^ (d | ~b)) + m[14] + 0xab9423a7) | 0, 15)) | 0;
  b = (c + rotate((b + (d ^ (c | ~a)) + m[5] + 0xfc93a039) | 0, 21)) | 0;
  a = (b + rotate((a + (c ^ (b | ~d)) + m[12] + 0x655b59c3) | 0, 6)) | 0;
  d = (a + rotate((d + (b ^ (a | ~c)) + m[3] + 0x8f0ccc92) | 0, 10)) | 0;
  c = (d + rotate((c + (a ^ (d | ~b)) + m[10] + 0xffeff47d) | 0, 15)) | 0;
  b = (c + rotate((b + (d ^ (c | ~a)) + m[1] + 0x85845dd1) | 0, 21)) | 0;
  a = (b + rotate((a + (c ^ (b | ~d)) + m[8] + 0x6fa87e4f) | 0, 6)) | 0;
  d = (a + rotate((d + (b ^ (a | ~c)) + m[15] + 0xfe2ce6e0) | 0, 10)) | 0;
  c = (d + rotate((c + (a ^ (d | ~b)) + m[6] + 0xa3014314) | 0, 15)) | 0;
  b = (c + rotate((b + (d ^ (c | ~a)) + m[13] + 0x4e0811a1) | 0, 21)) | 0;
  a = (b + rotate((a + (c ^ (b | ~d)) + m[4] + 0xf7537e82) | 0, 6)) | 0;
  d = (a + rotate((d + (b ^ (a | ~c)) + m[11] + 0xbd3af235) | 0, 10)) | 0;
  c = (d + rotate((c + (a ^ (d | ~b)) + m[2] + 0x2ad7d2bb) | 0, 15)) | 0;
  b = (c + rotate((b + (d ^ (c | ~a)) + m[9] + 0xeb86d391) | 0, 21)) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}
