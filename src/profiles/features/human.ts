import type { Behaviour } from '../history.js';

/**
 * Whether an event tells something about the person. Pictures are loaded by machines as often as by people, so an open counts
 * only where it is known to be human; clicks also where nothing is known, as in the metrics of experiments.
 */
export function countsAsHuman({ type, class: class_ }: Pick<Behaviour, 'type' | 'class'>): boolean {
  if (type === 'opened') return class_ === 'human';
  if (type === 'clicked') return class_ === undefined || class_ === 'human' || class_ === 'unknown';
  return true;
}
