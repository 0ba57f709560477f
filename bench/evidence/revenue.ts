import { binomial } from '../../src/statistics/distributions/binomial.js';
import { addSums, emptySums, sumsOf, type OutcomeSums } from '../../src/statistics/sums.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';

/** Revenue per recipient, in cents: most buy nothing, a buyer spends exp(Normal(8, 1.2²)), about 30 and now and then 3,000. */
export interface RevenueWorld {
  /** Share of buyers. */
  readonly buyers: number;
  /** Standard deviation of the logarithm of what a buyer spends. */
  readonly sigma: number;
}

const LOG_MEDIAN = Math.log(3000);

export const SHOP: RevenueWorld = { buyers: 0.01, sigma: 1.2 };

/** Mean revenue per recipient in cents, before it is rounded to whole cents. */
export function trueMean({ buyers, sigma }: RevenueWorld): number {
  return buyers * Math.exp(LOG_MEDIAN + (sigma * sigma) / 2);
}

/** Draws the sums of an arm of `n` recipients; `cap` limits what one recipient counts, in cents. */
export function revenueArm(world: RevenueWorld, n: number, cap = Infinity): (random: Chance) => OutcomeSums {
  const draw = drawFrom(binomialTable(n, world.buyers, binomial.logPmf));
  return (random) => {
    const buyers = draw(random);
    let sums = emptySums;
    for (let i = 0; i < buyers; i += 1) {
      const spent = Math.exp(LOG_MEDIAN + world.sigma * random.normal());
      sums = addSums(sums, sumsOf(BigInt(Math.round(Math.min(spent, cap)))));
    }
    return { ...sums, n: BigInt(n) };
  };
}
