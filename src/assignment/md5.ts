import { type Block, type State, compress, copyBlock, newBlock, newState } from './md5-block.js';

/** A text that many others follow, digested as far as it goes. Never written to once made. */
export interface Md5Prefix {
  readonly state: State;
  /** Its last, unfinished block. */
  readonly block: Block;
  /** Its length in bytes. */
  readonly length: number;
}

// One digest at a time runs from start to end without a call into foreign code, so one block serves all of them.
const work = newBlock();

/** Digests the beginning of all texts that start alike, once. */
export function md5Prefix(text: string): Md5Prefix {
  const state = initialState();
  work.fill(0);
  const length = absorb(state, 0, text);
  return { state, block: work.slice() as Block, length };
}

/**
 * MD5 of the prefix followed by `text`, both in UTF-8, into `state`; read it with `wordOf`. Lone surrogates are
 * the caller's to refuse. Allocates nothing.
 */
export function md5After(prefix: Md5Prefix, text: string, state: State): void {
  if (md5AfterShort(prefix, text, state)) return;
  restart(prefix, state);
  finish(state, absorb(state, prefix.length, text));
}

/** The same for a text that is ASCII and ends within the prefix's last block, as most do; false for any other. */
export function md5AfterShort(prefix: Md5Prefix, text: string, state: State): boolean {
  const at = prefix.length & 63;
  // Negated, so that a number given by a caller without types does not slip through as an empty text.
  if (!(at + text.length <= 55)) return false;
  restart(prefix, state);
  if (!packAscii(at, text)) return false;
  finish(state, prefix.length + text.length);
  return true;
}

/** Word i of a digest: hex digits 8i to 8i+7 as an unsigned integer. */
export function wordOf(state: State, i: 0 | 1 | 2 | 3): number {
  const word = state[i];
  // MD5 writes its words little-endian; hexadecimal digits read them the other way round.
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** The four words of the MD5 of a text. */
export function md5Words(text: string): [number, number, number, number] {
  const state = newState();
  md5After(empty, text, state);
  return [wordOf(state, 0), wordOf(state, 1), wordOf(state, 2), wordOf(state, 3)];
}

const empty: Md5Prefix = { state: initialState(), block: newBlock(), length: 0 };

function initialState(): State {
  const state = newState();
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  return state;
}

function restart(prefix: Md5Prefix, state: State): void {
  copyBlock(prefix.block, work);
  state[0] = prefix.state[0];
  state[1] = prefix.state[1];
  state[2] = prefix.state[2];
  state[3] = prefix.state[3];
}

/** Adds a text that fits the block and is ASCII; at the first other character it gives up and returns false. */
function packAscii(at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return false;
    const to = at + i;
    work[to >> 2] = (work[to >> 2] ?? 0) | (unit << ((to & 3) << 3));
  }
  return true;
}

/** Adds any text as UTF-8, block after block; gives the length so far. */
function absorb(state: State, length: number, text: string): number {
  let bytes = length;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes = put(state, bytes, code);
      continue;
    }
    const trailing = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    // Lead bytes 110xxxxx, 1110xxxx and 11110xxx, then six bits a byte.
    bytes = put(state, bytes, ((0xff00 >> (trailing + 1)) & 0xff) | (code >> (6 * trailing)));
    for (let i = trailing - 1; i >= 0; i -= 1) bytes = put(state, bytes, 0x80 | ((code >> (6 * i)) & 0x3f));
  }
  return bytes;
}

function put(state: State, length: number, byte: number): number {
  const at = length & 63;
  work[at >> 2] = (work[at >> 2] ?? 0) | (byte << ((at & 3) << 3));
  if (at === 63) {
    compress(state, work);
    work.fill(0);
  }
  return length + 1;
}

function finish(state: State, length: number): void {
  put(state, length, 0x80);
  // The bit count takes the last eight bytes; a block without room for it goes off padded with zeros.
  if ((length & 63) > 55 && (length & 63) < 63) {
    compress(state, work);
    work.fill(0);
  }
  work[14] = length << 3;
  work[15] = length >>> 29;
  compress(state, work);
}
