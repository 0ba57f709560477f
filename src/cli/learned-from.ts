import type { CandidatesAnswer } from '../flows/compare-candidates.js';
import { wrap } from '../reports/text-table.js';

const width = 100;
const count = (value: number): string => value.toLocaleString('en-US');

/** What a comparison is of. */
export function learnedFrom({ of, kind, clock, seed, recipients, events }: CandidatesAnswer): string[] {
  return wrap(
    `${of} (${kind}) as of ${clock}: ${count(events)} events of ${count(recipients)} recipients, seed "${seed}"`,
    width,
  );
}
