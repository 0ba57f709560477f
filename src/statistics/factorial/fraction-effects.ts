import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import type { TestedEstimate } from '../tested-estimate.js';
import { aliasLabel, aliasTable, effectsUpToPairs, hiddenByMainEffect } from './alias.js';
import type { CellKind, RateVariance } from './cell-moments.js';
import { combinations } from './combinations.js';
import { contrast } from './contrast.js';
import { parseGenerators, spell, type Generators, type Word } from './defining-words.js';

export interface FractionEffect {
  /** `A`, or `AB` for an interaction. */
  readonly effect: string;
  /** All effects of the same runs, three and more factors included; the estimate is the sum of all of them. */
  readonly aliases: readonly string[];
  /** The effect and its partners of one and two factors: `AB = CD`. */
  readonly label: string;
  /** High less low level for a main effect, difference of differences for a pair. */
  readonly result: OrRefusal<TestedEstimate>;
}

/**
 * Main effects and pairs from the runs of a fraction (see `aliasTable`), each labelled with its partners. `cells` are
 * the runs, row-major in the base factors with the first slowest, low level before high. An interaction that shares its
 * runs with a main effect is refused (`aliased`); else as `contrast`, and as `aliasTable` for the whole. Box & Hunter
 * (1961).
 */
export function fractionEffects(
  kind: CellKind,
  baseFactors: readonly string[],
  generators: readonly string[],
  cells: readonly OutcomeSums[],
  level: number,
  rates: RateVariance = 'plain',
): OrRefusal<FractionEffect[]> {
  const fraction = aliasTable(baseFactors, generators);
  if (isRefusal(fraction)) return fraction;
  const parsed = parseGenerators(baseFactors, generators);
  if (isRefusal(parsed)) return parsed;
  if (cells.length !== 2 ** baseFactors.length) {
    return refuse('invalid_input', 'cells must hold one entry for every combination of the base factors.');
  }
  const runs = runsOf(parsed);
  return effectsUpToPairs(parsed).map((word): FractionEffect => {
    const effect = spell(word);
    const scale = 2 ** effect.length / cells.length;
    const coefficients = runs.map((run) => signOf(run, effect) * scale);
    const hidden = hiddenByMainEffect(fraction, effect);
    return {
      effect,
      aliases: fraction.aliases[effect] ?? [],
      label: aliasLabel(fraction, effect),
      result: hidden ?? contrast(kind, cells, coefficients, level, rates),
    };
  });
}

/** The level of every factor in every run, -1 or 1. */
function runsOf({ base, generated }: Generators): Map<string, number>[] {
  return combinations(base.map(() => 2)).map((levels) => {
    const run = new Map(base.map((letter, i) => [letter, levels[i] === 1 ? 1 : -1]));
    for (const { letter, word } of generated) run.set(letter, levelIn(run, word));
    return run;
  });
}

function levelIn(run: ReadonlyMap<string, number>, word: Word): number {
  return word.sign * signOf(run, spell({ ...word, sign: 1 }));
}

function signOf(run: ReadonlyMap<string, number>, letters: string): number {
  return Array.from(letters).reduce((sign, letter) => sign * (run.get(letter) ?? NaN), 1);
}

const PARAMETERS = [
  { name: 'baseFactors', meaning: 'letters of the factors in all combinations' },
  { name: 'generators', meaning: 'the other factors, each as `D=ABC` or `D=-ABC`' },
  LEVEL,
] as const;

export const fractionRateEffectsMethod = {
  id: 'factorial.fraction_rate_effects',
  title: 'Effects on rates from a fraction of a factorial',
  needs: ['n', 'nonZero', 'design'],
  parameters: PARAMETERS,
  reference: 'Box & Hunter (1961)',
  compute: (
    baseFactors: readonly string[],
    generators: readonly string[],
    cells: readonly OutcomeSums[],
    level: number,
  ) => fractionEffects('proportion', baseFactors, generators, cells, level),
} as const satisfies Method;

export const fractionMeanEffectsMethod = {
  id: 'factorial.fraction_mean_effects',
  title: 'Effects on means from a fraction of a factorial',
  needs: ['n', 'sum', 'sumSquares', 'design'],
  parameters: PARAMETERS,
  reference: 'Box & Hunter (1961)',
  compute: (
    baseFactors: readonly string[],
    generators: readonly string[],
    cells: readonly OutcomeSums[],
    level: number,
  ) => fractionEffects('mean', baseFactors, generators, cells, level),
} as const satisfies Method;
