import type { Count } from '../count.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Refusal } from '../result.js';

/** A refusal (`too_many`) above 2^53 recipients, where doubles no longer tell one count from the next. */
export function tooManyToCount(counts: readonly Count[]): Refusal | undefined {
  if (counts.reduce((total, { n }) => total + n, 0n) <= 2n ** 53n) return undefined;
  return refuse('too_many', 'An exact method cannot count more than 9e15 recipients; use a score method.');
}

/** Standard deviation of a hypergeometric count from which its tables are too many to be added up one by one. */
const MOST_TABLES = 2e6;

/**
 * A refusal (`too_many`) where, all margins held, the successes of an arm vary so widely that adding their tables would
 * take seconds: not below 6e13 recipients.
 */
export function tooManyTables(control: Count, treatment: Count): Refusal | undefined {
  const n = control.n + treatment.n;
  const successes = control.successes + treatment.successes;
  const variance = ratio(control.n * treatment.n * successes * (n - successes), n * n * n);
  if (variance <= MOST_TABLES ** 2) return undefined;
  return refuse(
    'too_many',
    'So many tables are possible that an exact test takes too long; use a score test.',
  );
}
