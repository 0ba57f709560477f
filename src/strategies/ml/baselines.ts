import type { LearningLog } from '../strategy.js';
import type { Rows } from './labels.js';
import type { Task } from './learn-outcomes.js';
import { pastOf } from './outcome.js';

/** Simple ways to say who is likely, which a model has to beat. Numbers from 0 to 1 that only their order means anything of. */
export interface Baseline {
  readonly name: 'recency' | 'frequency';
  readonly definition: string;
  readonly scores: Float64Array;
}

const day = 86_400_000;

/** By how lately, and by how often, the same thing was done before the cut-off. */
export function baselinesOf(
  { outcome, absent }: Task,
  { recipients, at }: Rows,
  histories: LearningLog['histories'],
): readonly Baseline[] {
  const recency = new Float64Array(recipients.length);
  const frequency = new Float64Array(recipients.length);
  recipients.forEach((recipient, row) => {
    const clock = at[row] as number;
    const { times, last } = pastOf(outcome, histories.get(recipient) ?? [], clock);
    const lately = last === undefined ? 0 : 1 / (1 + (clock - last) / day);
    const often = times / (1 + times);
    recency[row] = absent ? 1 - lately : lately;
    frequency[row] = absent ? 1 - often : often;
  });
  const who = absent ? 'least' : 'most';
  return [
    { name: 'recency', definition: `Who did it ${who} lately comes first.`, scores: recency },
    { name: 'frequency', definition: `Who did it ${who} often comes first.`, scores: frequency },
  ];
}
