import type { Traits } from './traits.js';

/** What is known after a sender gave traits: the given ones win, and a given null makes a stored one unknown. */
export function mergeTraits(stored: Traits, given: Traits): Traits {
  return Object.fromEntries(Object.entries({ ...stored, ...given }).filter(([, value]) => value !== null));
}
