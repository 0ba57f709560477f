import { crossSums, type CrossSums } from '../../src/statistics/cross-sums.js';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { ratioDelta } from '../../src/statistics/ratios/ratio-delta.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import type { Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 4000;
const RECIPIENTS = 1000;

interface Tally {
  misses: number;
  width: number;
}

type IntervalOf = (
  control: CrossSums,
  treatment: CrossSums,
) => OrRefusal<{ interval: { lower: number; upper: number } }>;

/** How often intervals miss a true difference of zero, and how wide they are beside those of the first method. */
function misses(
  condition: string,
  arm: (random: Chance) => CrossSums,
  methods: Readonly<Record<string, IntervalOf>>,
  random: Chance,
): Row[] {
  const tallies = Object.keys(methods).map((): Tally => ({ misses: 0, width: 0 }));
  for (let run = 0; run < RUNS; run += 1) {
    const [control, treatment] = [arm(random), arm(random)];
    Object.values(methods).forEach((method, i) => {
      const [result, tally] = [method(control, treatment), tallies[i]];
      if (isRefusal(result) || !tally) return;
      const { lower, upper } = result.interval;
      if (lower > 0 || upper < 0) tally.misses += 1;
      tally.width += upper - lower;
    });
  }
  const widest = tallies[0]?.width ?? 1;
  return Object.keys(methods).map((method, i) => ({
    condition,
    method,
    observed: [counted(tallies[i]?.misses, RUNS), { share: (tallies[i]?.width ?? 0) / widest, error: 0 }],
  }));
}

const COLUMNS = ['misses (5 %)', 'width, first method = 100 %'];

export const ratioIntervals: Study = {
  id: 'ratio',
  title: 'Ratios of two sums: opens per message sent',
  story:
    '1,000 recipients per arm with 1 to 15 messages each, some of whom open nearly all and some nearly none. Messages of ' +
    'one recipient go together, so treating every message as one more observation promises too much.',
  columns: COLUMNS,
  runs: RUNS,
  rows: (random) =>
    misses(
      '1,000 + 1,000, 1 to 15 messages',
      opensPerMessage,
      {
        'every message by itself (for comparison)': (c, t) => waldDifference(asCount(c), asCount(t), 0.95),
        'delta method': (c, t) => of(ratioDelta(c, t, 0.95, 'assigned')),
      },
      random,
    ),
};

function of<T>(result: OrRefusal<{ difference: T }>): OrRefusal<T & object> {
  return isRefusal(result) ? result : (result.difference as T & object);
}

function asCount({ sums: [y = 0n, d = 0n] }: CrossSums) {
  return { successes: y, n: d };
}

function opensPerMessage(random: Chance): CrossSums {
  return sumUp(() => {
    const messages = 1 + Math.floor(15 * random.uniform() ** 2);
    const rate = 1 / (1 + Math.exp(1 + 1.5 * random.normal()));
    let opens = 0;
    for (let m = 0; m < messages; m += 1) opens += random.uniform() < rate ? 1 : 0;
    return [opens, messages];
  });
}

export const adjustedIntervals: Study = {
  id: 'adjusted',
  title: 'Adjusting for what recipients did before',
  story:
    '1,000 recipients per arm whose spending before and after the send goes together (correlation about 0.7). Adjustment ' +
    'keeps the promise of 5 % and makes intervals narrower. So it does for a click, yes or no, that goes together with ' +
    'whether the recipient clicked before, but there is less to win.',
  columns: COLUMNS,
  runs: RUNS,
  rows: (random) => [
    ...misses('spending, 1,000 + 1,000', spendingBeforeAndAfter, adjustments, random),
    ...misses('clicks, 1,000 + 1,000', clicksBeforeAndAfter, adjustments, random),
  ],
};

const adjustments: Readonly<Record<string, IntervalOf>> = {
  unadjusted: (c, t) => adjusted(c, t, 'unadjusted'),
  "adjusted (Lin's estimator)": (c, t) => adjusted(c, t, 'estimate'),
};

/** Outcome 0: clicked after the send, outcome 1: before it; about one in five, those who did it before more often. */
function clicksBeforeAndAfter(random: Chance): CrossSums {
  return sumUp(() => {
    const before = random.uniform() < 0.2;
    return [random.uniform() < (before ? 0.6 : 0.1) ? 1 : 0, before ? 1 : 0];
  });
}

function adjusted(control: CrossSums, treatment: CrossSums, which: 'unadjusted' | 'estimate') {
  const means = adjustedMeans([control, treatment]);
  if (isRefusal(means)) return means;
  const result = adjustedContrast(means, [-1, 1], 0.95);
  return isRefusal(result) ? result : result[which];
}

/** Outcome 0 after the send, outcome 1 before it, in cents; both skewed. */
function spendingBeforeAndAfter(random: Chance): CrossSums {
  return sumUp(() => {
    const habit = 0.5 * random.normal();
    const spent = () => Math.round(1000 * Math.exp(habit + 0.3 * random.normal()));
    return [spent(), spent()];
  });
}

/** Sums of two outcomes of all recipients; they stay far below 2^53. */
function sumUp(recipient: () => readonly [number, number]): CrossSums {
  let [y, x, yy, yx, xx] = [0, 0, 0, 0, 0];
  for (let i = 0; i < RECIPIENTS; i += 1) {
    const [a, b] = recipient();
    y += a;
    x += b;
    yy += a * a;
    yx += a * b;
    xx += b * b;
  }
  const whole = (value: number) => BigInt(value);
  const products = [[whole(yy)], [whole(yx), whole(xx)]];
  const sums = crossSums({ n: BigInt(RECIPIENTS), sums: [whole(y), whole(x)], products });
  if (isRefusal(sums)) throw new Error(sums.reason);
  return sums;
}
