import { joinNeeds } from '../profiles/join-needs.js';
import { usualScore } from '../profiles/features/engagement-score.js';
import { engagementTierFeature, engagementTiers } from '../profiles/features/engagement-tier.js';
import { sparsityBands, sparsityFeature } from '../profiles/features/interactions.js';
import {
  lifecycleFeatureOf,
  type LifecycleDeclaration,
  lifecycleProblems,
  stagesOf,
  usualLifecycle,
} from '../profiles/features/lifecycle.js';
import { type Purchases, purchasesOf, type RfmGrid, rfmGrid, rfmScores } from '../profiles/features/rfm.js';
import { badInput } from '../errors.js';
import type { Context } from './context.js';
import { mostPeople, readPeople } from './read-people.js';

export interface Tally {
  readonly value: string;
  readonly people: number;
}

/** What the audience is made of. Each list adds up to `people`. */
export interface Audience {
  /** ISO 8601: nothing at it or later counts. */
  readonly clock: string;
  readonly people: number;
  /** There are more than were looked at. */
  readonly sample: boolean;
  readonly currency: string;
  readonly stages: readonly Tally[];
  readonly tiers: readonly Tally[];
  readonly sparsity: readonly Tally[];
  readonly rfm: RfmGrid;
  readonly lifecycle: LifecycleDeclaration;
  readonly scoreWeights: Readonly<Record<string, number>>;
}

export interface AudienceRequest {
  /** For the money in RFM: EUR unless said. */
  readonly currency?: string;
  readonly lifecycle?: LifecycleDeclaration;
}

/**
 * Stages, tiers, bands and RFM scores of the whole audience, or of its first 20,000 by pseudonym, as of now.
 *
 * @throws bad_input `invalid_lifecycle` where stages leave a gap or overlap; `invalid_currency`.
 */
export async function loadAudience(
  ctx: Context,
  { currency = 'EUR', lifecycle = usualLifecycle }: AudienceRequest = {},
): Promise<Audience> {
  const problems = lifecycleProblems(lifecycle);
  if (problems.length > 0)
    throw badInput('invalid_lifecycle', 'These stages do not cover everybody once.', problems);
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw badInput('invalid_currency', 'A currency is three capital letters, such as EUR.', [
      { path: 'currency', message: 'must be three capital letters' },
    ]);
  }
  const clock = ctx.clock();
  const stage = lifecycleFeatureOf(lifecycle);
  const features = [stage, engagementTierFeature, sparsityFeature];
  const needs = joinNeeds([...features.map((one) => one.needs), { types: ['purchase', 'refund'] }]);
  const counts = features.map(() => new Map<string, number>());
  const purchases: Purchases[] = [];
  for await (const batch of readPeople(ctx.db, needs, clock)) {
    for (const { history, traits } of batch) {
      features.forEach((feature, i) => {
        const value = String(feature.value(history, clock.getTime(), traits));
        counts[i]?.set(value, (counts[i].get(value) ?? 0) + 1);
      });
      purchases.push(purchasesOf(history, clock.getTime(), currency));
    }
  }
  const tally = (i: number, values: readonly string[]): Tally[] =>
    values.map((value) => ({ value, people: counts[i]?.get(value) ?? 0 }));
  return {
    clock: clock.toISOString(),
    people: purchases.length,
    sample: purchases.length >= mostPeople,
    currency,
    stages: tally(0, stagesOf(lifecycle)),
    tiers: tally(1, engagementTiers),
    sparsity: tally(2, sparsityBands),
    rfm: rfmGrid(rfmScores(purchases)),
    lifecycle,
    scoreWeights: usualScore.weights,
  };
}
