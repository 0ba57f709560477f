import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import {
  maskOf,
  byLengthThenLetters,
  definingWords,
  lengthOf,
  multiply,
  parseGenerators,
  spell,
  type Generators,
  type Word,
} from './defining-words.js';

/** A fraction of a factorial of two-level factors: which effects its runs cannot tell apart. */
export interface Fraction {
  /** Base factors and generated ones. */
  readonly factors: readonly string[];
  /** Products of factors that are the same in every run, shortest first; `-ABCD` where that is the low level. */
  readonly definingWords: readonly string[];
  /**
   * Length of the shortest defining word: 3 mixes main effects with pairs, 4 pairs with pairs. Infinity: full
   * factorial.
   */
  readonly resolution: number;
  /**
   * For every main effect and pair all effects that it is mixed with, shortest first; `-` before those with other sign.
   */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
}

/**
 * The aliases of a regular fraction of a two-level factorial: base factors in all combinations and generators such as
 * `D=ABC` or `E=-AB` for the others, multiplied out as words in which a factor times itself vanishes. At most 26
 * factors (they are letters) and eleven generators. Refuses `invalid_input` (unknown or repeated letters, a factor that
 * is defined twice) and `aliased` (resolution below III: main effects could not be told from each other).
 * Box & Hunter (1961); Wu & Hamada (2021), ch. 5.
 */
export function aliasTable(
  baseFactors: readonly string[],
  generators: readonly string[],
): OrRefusal<Fraction> {
  const parsed = parseGenerators(baseFactors, generators);
  if (isRefusal(parsed)) return parsed;
  const words = definingWords(parsed);
  const resolution = words[0] ? lengthOf(words[0]) : Infinity;
  if (resolution < 3) {
    return refuse(
      'aliased',
      'This fraction has a resolution below III: it cannot tell some main effects apart.',
    );
  }
  const aliases = effectsUpToPairs(parsed).map((effect) => [spell(effect), aliasesOf(effect, words)]);
  return {
    factors: lettersOf(parsed),
    definingWords: words.map(spell),
    resolution,
    aliases: Object.fromEntries(aliases) as Fraction['aliases'],
  };
}

function aliasesOf(effect: Word, words: readonly Word[]): string[] {
  const products = words.map((word) => multiply(effect, word));
  return products.toSorted(byLengthThenLetters).map(spell);
}

function lettersOf({ base, generated }: Generators): string[] {
  return [...base, ...generated.map(({ letter }) => letter)];
}

/** Main effects, then pairs. */
export function effectsUpToPairs(generators: Generators): Word[] {
  const letters = lettersOf(generators).toSorted();
  const pairs = letters.flatMap((one, i) => letters.slice(i + 1).map((two) => [one, two]));
  return [...letters.map((one) => [one]), ...pairs].map((effect) => ({ letters: maskOf(effect), sign: 1 }));
}

/**
 * What a reader has to know of an estimate: `AB = CD`, or `A = -BD = CE`; only partners of one or two factors are
 * named.
 */
export function aliasLabel(fraction: Fraction, effect: string): string {
  const partners = fraction.aliases[effect] ?? [];
  return [effect, ...partners.filter((partner) => partner.replace('-', '').length <= 2)].join(' = ');
}

/** A refusal (`aliased`) if an interaction cannot be told from a main effect. */
export function hiddenByMainEffect(fraction: Fraction, effect: string): Refusal | undefined {
  const partners = fraction.aliases[effect];
  if (partners === undefined) return refuse('invalid_input', `This fraction has no effect ${effect}.`);
  const main = partners.find((partner) => partner.replace('-', '').length === 1);
  if (effect.length === 1 || main === undefined) return undefined;
  return refuse(
    'aliased',
    `This fraction cannot tell the interaction ${effect} from the main effect ${main}.`,
  );
}

export const aliasMethod = {
  id: 'factorial.alias',
  title: 'Aliases of a fraction of a factorial',
  needs: ['design'],
  parameters: [
    { name: 'baseFactors', meaning: 'letters of the factors in all combinations' },
    { name: 'generators', meaning: 'the other factors, each as `D=ABC` or `D=-ABC`' },
  ],
  reference: 'Box & Hunter (1961); Wu & Hamada, Experiments, 3rd ed. (2021), ch. 5',
  compute: aliasTable,
} as const satisfies Method;
