import type { TraitValue, Traits } from './traits.js';

/** The value of a trait, or undefined when it is unknown: absent, null, or only inherited like `constructor`. */
export function knownTrait(traits: Traits, name: string): Exclude<TraitValue, null> | undefined {
  return Object.hasOwn(traits, name) ? (traits[name] ?? undefined) : undefined;
}
