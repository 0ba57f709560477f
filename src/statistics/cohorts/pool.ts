import { refuse, type Refusal, type ValueWithSe } from '../result.js';

/** An effect measured in one cohort. */
export type CohortEffect = ValueWithSe;

/** A refusal unless there are at least `least` effects, each finite with a standard error above zero. */
export function unfitEffects(effects: readonly CohortEffect[], least: number): Refusal | undefined {
  if (effects.length < least) {
    return refuse('too_few', `Differences between cohorts need at least ${least} cohorts.`);
  }
  if (!effects.every(({ value, se }) => Number.isFinite(value) && se > 0 && se < Infinity)) {
    return refuse('invalid_input', 'Every cohort needs an effect and a standard error above zero.');
  }
  const sizes = effects.flatMap(({ value, se }) => [se * se, 1 / (se * se), value * value]);
  if (sizes.every(Number.isFinite) && effects.every(({ se }) => se * se > 0)) return undefined;
  return refuse('invalid_input', 'The effects and standard errors are too far apart to be compared.');
}

/** The mean weighted by precision, if the true effects have variance `tauSquared`. */
export function pool(effects: readonly CohortEffect[], tauSquared: number): CohortEffect {
  const weights = effects.map(({ se }) => 1 / (se * se + tauSquared));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const value = effects.reduce((sum, effect, i) => sum + effect.value * ((weights[i] ?? 0) / total), 0);
  return { value, se: Math.sqrt(1 / total) };
}

/** The generalized Q: weighted squared distances from the pooled effect; Cochran's Q for tauSquared = 0. */
export function generalizedQ(effects: readonly CohortEffect[], tauSquared: number): number {
  const centre = pool(effects, tauSquared).value;
  return effects.reduce((sum, { value, se }) => sum + (value - centre) ** 2 / (se * se + tauSquared), 0);
}
