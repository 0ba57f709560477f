import { binomial } from '../../src/statistics/distributions/binomial.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { addSums, emptySums, sumsOf, type OutcomeSums } from '../../src/statistics/sums.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';

/** Revenue per recipient, in cents: most buy nothing, a buyer spends exp(Normal(8, 1.2²)), about 30 and now and then 3,000. */
export interface RevenueWorld {
  /** Share of buyers. */
  readonly buyers: number;
  /** Standard deviation of the logarithm of what a buyer spends. */
  readonly sigma: number;
  /** What a buyer spends, over that in the shop as it is; 1 if absent. */
  readonly scale?: number;
}

const LOG_MEDIAN = Math.log(3000);

export const SHOP: RevenueWorld = { buyers: 0.01, sigma: 1.2 };

/** Mean revenue per recipient in cents, before it is rounded to whole cents. */
export function trueMean({ buyers, sigma, scale = 1 }: RevenueWorld): number {
  return scale * buyers * Math.exp(LOG_MEDIAN + (sigma * sigma) / 2);
}

/** What one buyer in a hundred spends more than, in cents: a cap fixed before the experiment. */
export function topPercentile({ sigma }: RevenueWorld): number {
  return Math.round(Math.exp(LOG_MEDIAN + sigma * normal.isf(0.01)));
}

/** Draws the sums of an arm of `n` recipients. */
export function revenueArm(world: RevenueWorld, n: number): (random: Chance) => OutcomeSums {
  const both = cappedArm(world, n, Infinity);
  return (random) => both(random).plain;
}

/** Draws the sums of an arm of `n` recipients, and those with a limit on what one recipient counts, in cents. */
export function cappedArm(
  world: RevenueWorld,
  n: number,
  cap: number,
): (random: Chance) => { plain: OutcomeSums; capped: OutcomeSums } {
  const draw = drawFrom(binomialTable(n, world.buyers, binomial.logPmf));
  return (random) => {
    const buyers = draw(random);
    let [plain, capped] = [emptySums, emptySums];
    for (let i = 0; i < buyers; i += 1) {
      const spent = (world.scale ?? 1) * Math.exp(LOG_MEDIAN + world.sigma * random.normal());
      plain = addSums(plain, sumsOf(BigInt(Math.round(spent))));
      if (cap < Infinity) capped = addSums(capped, sumsOf(BigInt(Math.round(Math.min(spent, cap)))));
    }
    return { plain: { ...plain, n: BigInt(n) }, capped: { ...capped, n: BigInt(n) } };
  };
}
