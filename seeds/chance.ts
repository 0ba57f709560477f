import { createHash } from 'node:crypto';

/** A number in (0, 1) that is always the same for the same words: chance for a world that can be made again. */
export function chance(...words: readonly (string | number)[]): number {
  const hex = createHash('md5').update(words.join(' ')).digest('hex').slice(0, 12);
  return (parseInt(hex, 16) + 0.5) / 2 ** 48;
}

/** One of several values by their shares, which add up to 1. */
export function pick<T>(
  shares: readonly (readonly [T, number])[],
  ...words: readonly (string | number)[]
): T {
  let rest = chance(...words);
  for (const [value, share] of shares) {
    rest -= share;
    if (rest < 0) return value;
  }
  const last = shares.at(-1);
  if (!last) throw new RangeError('nothing to pick from');
  return last[0];
}
