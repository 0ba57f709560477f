import type { Knex } from 'knex';
import { joinNeeds } from '../profiles/join-needs.js';
import type { Profile } from '../profiles/history.js';
import { type Difference, DifferenceCounter, type Outcome } from '../strategies/keeping/count-differences.js';
import type { Decider } from '../strategies/strategy.js';
import { kindOf } from './load-parts.js';
import { lookUp } from './look-up.js';
import type { ParsedStrategy } from './read-strategy.js';
import { streamProfiles } from './stream-profiles.js';

export { type Difference, spellDifference } from '../strategies/keeping/count-differences.js';

export interface DryRun {
  /** Nothing that happened at it or later is seen. */
  readonly clock: Date;
  /** So many recipients at most. */
  readonly most: number;
  readonly onProgress?: (recipients: number) => void;
  /** Asked from page to page of recipients; true ends it with those seen so far. */
  readonly isEnough?: () => boolean;
}

/**
 * What would change if the second strategy took the place of the first: both decide for the recipients that are stored, and
 * nothing is written. Strategies that learn or choose items decide with what they know without either.
 */
export async function compareStrategies(
  db: Knex,
  from: ParsedStrategy,
  to: ParsedStrategy,
  { clock, most, onProgress, isEnough }: DryRun,
): Promise<Difference> {
  const [before, after] = [await prepare(db, from), await prepare(db, to)];
  const counter = new DifferenceCounter();
  const needs = joinNeeds([before.needs, after.needs]);
  for await (const page of streamProfiles(db, { needs, clock, most })) {
    for (const { recipientKey, profile } of page) {
      counter.add(
        recipientKey,
        outcome(before.decider, profile, clock),
        outcome(after.decider, profile, clock),
      );
    }
    onProgress?.(counter.recipients);
    if (isEnough?.() === true) break;
  }
  return counter.result();
}

async function prepare(db: Knex, strategy: ParsedStrategy) {
  const kind = kindOf({ kind: strategy.kind, hash: 'of its own' });
  const { contents, segments } = await lookUp(db, strategy);
  return {
    needs: kind.needs(strategy.definition, segments),
    decider: kind.prepare(strategy.definition, { learned: null, contents, segments }),
  };
}

function outcome({ decide }: Decider, profile: Profile, clock: Date): Outcome {
  try {
    return decide(profile, () => [], clock);
  } catch (error) {
    return { noChoice: `failed with ${error instanceof Error ? error.name : 'no error object'}` };
  }
}
