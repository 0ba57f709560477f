import type { OrRefusal } from '../refusal.js';

/** Below so many, intervals miss the truth more often than they say (docs/statistics-evidence.md). */
const fewCarry = 20;

/**
 * How many decisions carry an estimate: (Σ|w r|)² / Σ(w r)², as many as would be with all weighed rewards alike. 0 where nothing
 * brought anything. It is what is left of the effective decisions where most bring nothing.
 *
 * @param weights of a policy; of a difference of two, the difference of theirs.
 */
export function carriedBy(weights: Float64Array, rewards: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const part = Math.abs((weights[i] as number) * (rewards[i] as number));
    sum += part;
    squares += part * part;
  }
  return squares === 0 ? 0 : sum ** 2 / squares;
}

interface Carried {
  readonly carried: number;
  readonly se: number;
}

/**
 * Whether so few decisions carry a figure that its interval shows nothing: four that happen to favour the same policy are enough
 * for one without 0. Of policies that do the same nothing carries the difference, and it is sure.
 */
export function isCarriedByFew({ carried, se }: Carried): boolean {
  return se > 0 && carried < fewCarry;
}

/** How many carry something, as the first words of a sentence. */
export function carriersOf({ carried }: Pick<Carried, 'carried'>): string {
  return carried === 0
    ? 'No decision that brought anything carries'
    : `As much as ${carried.toFixed(1)} decisions of equal reward carry`;
}

/**
 * Says of which figures the interval must not be taken at its word.
 *
 * @param values by whose they are; refused ones say so themselves.
 * @param difference of the two values.
 */
export function cautionsAbout(
  values: readonly (readonly [
    string,
    OrRefusal<{ readonly se: number; readonly weights: Pick<Carried, 'carried'> }>,
  ])[],
  difference?: OrRefusal<Carried>,
): string[] {
  const figures = values.map(
    ([whose, value]) =>
      [
        `the value of ${whose}`,
        'refused' in value ? value : { se: value.se, carried: value.weights.carried },
      ] as const,
  );
  return [...figures, ...(difference ? [['the difference', difference] as const] : [])].flatMap(
    ([what, figure]) =>
      'refused' in figure || !isCarriedByFew(figure)
        ? []
        : [
            `${carriersOf(figure)} ${what}: below ${fewCarry} its interval misses the truth more often than it says.`,
          ],
  );
}
