import { isRefusal, refuse, type OrRefusal } from '../result.js';

/** A product of factors: one bit per letter, A lowest, and its sign. */
export interface Word {
  readonly letters: number;
  readonly sign: 1 | -1;
}

/** More generators than this are refused: every further one doubles the aliases of every effect. */
const MOST_GENERATORS = 11;

/** The letters of the base factors and what each generated factor is set to. */
export interface Generators {
  readonly base: readonly string[];
  /** Generated letter and the word that it equals, in the order given. */
  readonly generated: readonly { readonly letter: string; readonly word: Word }[];
}

/**
 * Reads generators such as `D=ABC` or `E=-AB`. Refuses `invalid_input`: factors that are not single letters A to Z (so
 * at most 26), a letter that is defined twice or unknown to the right of the sign, a repeated letter, more than eleven
 * generators.
 */
export function parseGenerators(
  base: readonly string[],
  generators: readonly string[],
): OrRefusal<Generators> {
  if (base.length === 0 || !base.every((letter) => /^[A-Z]$/.test(letter))) {
    return refuse('invalid_input', 'baseFactors must hold single letters from A to Z.');
  }
  if (new Set(base).size < base.length) return refuse('invalid_input', 'baseFactors names a factor twice.');
  if (generators.length > MOST_GENERATORS) {
    return refuse('invalid_input', `generators may hold at most ${MOST_GENERATORS} generators.`);
  }
  const known = new Set(base);
  const generated: { letter: string; word: Word }[] = [];
  for (const text of generators) {
    const one = parseGenerator(text, known);
    if (isRefusal(one)) return one;
    known.add(one.letter);
    generated.push(one);
  }
  return { base, generated };
}

function parseGenerator(text: string, known: ReadonlySet<string>): OrRefusal<{ letter: string; word: Word }> {
  const [, letter = '', minus = '', right = ''] = /^([A-Z])=([+-]?)([A-Z]+)$/.exec(text) ?? [];
  if (letter === '') return refuse('invalid_input', 'A generator must look like D=ABC or D=-ABC.');
  if (known.has(letter))
    return refuse('invalid_input', `The generator ${text} defines a factor that exists already.`);
  const letters = Array.from(right);
  if (new Set(letters).size < letters.length) {
    return refuse('invalid_input', `The generator ${text} names a factor twice.`);
  }
  const unknown = letters.find((one) => !known.has(one));
  if (unknown !== undefined)
    return refuse('invalid_input', `The generator ${text} names an unknown factor, ${unknown}.`);
  return { letter, word: { letters: maskOf(letters), sign: minus === '-' ? -1 : 1 } };
}

/** All products of the generators' words, each equal to the identity; none for a full factorial. */
export function definingWords({ generated }: Generators): Word[] {
  const words = generated.reduce<Word[]>(
    (products, { letter, word }) => {
      const own = multiply(word, { letters: maskOf([letter]), sign: 1 });
      return [...products, ...products.map((product) => multiply(product, own))];
    },
    [{ letters: 0, sign: 1 }],
  );
  return words.slice(1).toSorted(byLengthThenLetters);
}

/** The product of two words; a factor times itself is 1. */
export function multiply(a: Word, b: Word): Word {
  return { letters: a.letters ^ b.letters, sign: a.sign === b.sign ? 1 : -1 };
}

/** One bit per letter, A lowest. */
export function maskOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter) => sum | (1 << (letter.charCodeAt(0) - 65)), 0);
}

export function lengthOf({ letters }: Word): number {
  let count = 0;
  for (let rest = letters; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Letters in alphabetical order, after a minus if the sign is negative. */
export function spell({ letters, sign }: Word): string {
  let text = sign === -1 ? '-' : '';
  for (let i = 0; letters >> i !== 0; i += 1) if ((letters >> i) & 1) text += String.fromCharCode(65 + i);
  return text;
}

export function byLengthThenLetters(a: Word, b: Word): number {
  const differing = a.letters ^ b.letters;
  const first = differing & -differing;
  return lengthOf(a) - lengthOf(b) || (differing === 0 ? 0 : a.letters & first ? -1 : 1);
}
