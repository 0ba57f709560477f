import type { History } from '../history.js';
import { spentMinor } from './counted.js';
import { eventsIn } from './window.js';

/** What RFM looks at, of one recipient. */
export interface Purchases {
  /** Milliseconds since 1970; undefined: never bought. */
  readonly lastAt: number | undefined;
  readonly orders: number;
  /** Minor units of one currency, less what went back. */
  readonly spent: bigint;
}

/** 1 is the lowest fifth, 5 the highest; all 0 for who never bought. */
export interface RfmScores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

export const noPurchase: RfmScores = { recency: 0, frequency: 0, monetary: 0 };

export function purchasesOf(history: History, clock: number, currency: string): Purchases {
  const orders = eventsIn(history, clock, { types: ['purchase'] });
  return { lastAt: orders.at(-1)?.at, orders: orders.length, spent: spentMinor(history, clock, currency) };
}

/**
 * Scores everybody of an audience against those who have bought. A score is the fifth in which the middle of all equal values
 * lies: 1 + floor(5 (worse + equal / 2) / buyers), in whole numbers. So equal values have equal scores, the order of the
 * audience makes no difference, and where all are equal everybody has 3.
 *
 * @returns scores in the order of the audience.
 */
export function rfmScores(audience: readonly Purchases[]): RfmScores[] {
  const buyers = audience.filter(({ lastAt }) => lastAt !== undefined);
  const recency = fifths(buyers.map(({ lastAt }) => BigInt(Math.trunc(lastAt ?? 0))));
  const frequency = fifths(buyers.map(({ orders }) => BigInt(orders)));
  const monetary = fifths(buyers.map(({ spent }) => spent));
  return audience.map(({ lastAt, orders, spent }) =>
    lastAt === undefined
      ? noPurchase
      : {
          recency: recency(BigInt(Math.trunc(lastAt))),
          frequency: frequency(BigInt(orders)),
          monetary: monetary(spent),
        },
  );
}

/** The score of each of these values. */
function fifths(values: readonly bigint[]): (value: bigint) => number {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const scores = new Map<bigint, number>();
  for (let worse = 0; worse < sorted.length;) {
    const value = sorted[worse] ?? 0n;
    let end = worse;
    while (end < sorted.length && sorted[end] === value) end += 1;
    scores.set(value, 1 + Math.floor((5 * (worse + end)) / (2 * sorted.length)));
    worse = end;
  }
  return (value) => scores.get(value) ?? 0;
}

/** How many of an audience have each pair of scores, and how many never bought. Adds up to the audience. */
export interface RfmGrid {
  readonly audience: number;
  readonly never: number;
  /** By recency (rows, 5 first) and frequency (columns, 1 first). */
  readonly cells: readonly (readonly {
    readonly recency: number;
    readonly frequency: number;
    readonly n: number;
    readonly monetary: number;
  }[])[];
}

/** The grid of recency and frequency, with the mean monetary score of each cell. */
export function rfmGrid(scores: readonly RfmScores[]): RfmGrid {
  const sums = new Map<string, { n: number; monetary: number }>();
  for (const { recency, frequency, monetary } of scores) {
    const key = `${recency} ${frequency}`;
    const sum = sums.get(key) ?? { n: 0, monetary: 0 };
    sums.set(key, { n: sum.n + 1, monetary: sum.monetary + monetary });
  }
  const cells = [5, 4, 3, 2, 1].map((recency) =>
    [1, 2, 3, 4, 5].map((frequency) => {
      const { n, monetary } = sums.get(`${recency} ${frequency}`) ?? { n: 0, monetary: 0 };
      return { recency, frequency, n, monetary: n === 0 ? 0 : monetary / n };
    }),
  );
  return { audience: scores.length, never: sums.get('0 0')?.n ?? 0, cells };
}
