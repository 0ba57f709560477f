import { newState } from './md5-block.js';
import { type Md5Prefix, md5After, md5AfterShort, md5Prefix, wordOf } from './md5.js';
import { rangeEnds } from './ranges.js';
import { utf8Length } from './utf8.js';

/** Folds for honest analysis: model on some, judge on the others. */
export const foldCount = 20;

/** The longest recipient id, in bytes of UTF-8. */
export const maxIdBytes = 256;

/** An experiment's split with everything worked out that does not depend on the recipient. */
export interface Split {
  readonly prefix: Md5Prefix;
  readonly rangeEnds: readonly number[];
  readonly exposureEnd: number;
}

export interface Drawn {
  /** Index of the arm in the order of the design. */
  readonly arm: number;
  /** Whether the recipient takes part at this share of traffic. */
  readonly exposed: boolean;
  /** 0 to 19, independent of the arm. */
  readonly fold: number;
}

export interface DrawRefused {
  readonly error: 'empty_id' | 'id_too_long' | 'invalid_unicode';
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type Draw = Drawn | DrawRefused;

/**
 * Works out a split once for many draws. Throws RangeError for an empty or ill-formed salt, for weights that are
 * not whole numbers with a sum above 0, and for traffic outside 0 to 1: a declared experiment has none of these.
 */
export function prepareSplit(of: {
  readonly salt: string;
  readonly weights: readonly number[];
  readonly traffic: number;
}): Split {
  if (of.salt === '' || !of.salt.isWellFormed())
    throw new RangeError('the salt is empty or not valid Unicode');
  if (!(of.traffic >= 0 && of.traffic <= 1))
    throw new RangeError(`traffic is ${of.traffic}, not from 0 to 1`);
  return {
    prefix: md5Prefix(`${of.salt}:`),
    rangeEnds: rangeEnds(of.weights),
    exposureEnd: Math.floor(2 ** 32 * of.traffic),
  };
}

// Written and read within one draw, which calls no foreign code in between.
const digest = newState();

/**
 * The arm, exposure and fold of one recipient: `md5(salt + ":" + recipientId)` cut into four 32-bit words. Word 0
 * falls into an arm's range, word 1 decides exposure, word 3 modulo 20 is the fold. The id is taken as given, byte
 * for byte; ` Ann@x.org` and `ann@x.org` are two recipients.
 */
export function draw(split: Split, recipientId: string): Draw {
  // A short ASCII id needs no second look; an empty one does.
  if (recipientId === '' || !md5AfterShort(split.prefix, recipientId, digest)) {
    const refused = unusableId(recipientId);
    if (refused) return refused;
    md5After(split.prefix, recipientId, digest);
  }
  return {
    arm: armAt(split.rangeEnds, wordOf(digest, 0)),
    exposed: wordOf(digest, 1) < split.exposureEnd,
    fold: wordOf(digest, 3) % foldCount,
  };
}

function armAt(ends: readonly number[], word: number): number {
  let arm = 0;
  while (word >= (ends[arm] ?? Infinity)) arm += 1;
  return arm;
}

/** Why an id cannot be drawn; undefined for one that can. */
export function unusableId(id: string): DrawRefused | undefined {
  if (id === '') return { error: 'empty_id', message: 'The recipient id is empty: give the id you send by.' };
  if (id.length > maxIdBytes || utf8Length(id) > maxIdBytes) {
    return {
      error: 'id_too_long',
      message: `The recipient id is longer than ${maxIdBytes} bytes in UTF-8: use a shorter id, or a hash of it.`,
    };
  }
  if (id.isWellFormed()) return undefined;
  return {
    error: 'invalid_unicode',
    message:
      'The recipient id holds half of a surrogate pair: it was cut in mid-character or wrongly decoded.',
  };
}
