import { meanDeltaUplift } from '../../src/statistics/means/delta-uplift.js';
import { fieller } from '../../src/statistics/means/fieller.js';
import { hall } from '../../src/statistics/means/hall.js';
import { logUplift } from '../../src/statistics/means/log-uplift.js';
import { skewGuard } from '../../src/statistics/means/skew-guard.js';
import { student } from '../../src/statistics/means/student.js';
import { welch } from '../../src/statistics/means/welch.js';
import { isRefusal, type OrRefusal, type Estimate } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { part } from './pledges.js';
import { cappedArm, SHOP, topPercentile } from './revenue.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 4000;

const SPLITS = [
  [1000, 1000],
  [20_000, 20_000],
  [18_000, 2000],
  [90_000, 10_000],
] as const;

interface Reading {
  readonly method: string;
  /** Every recipient counts at most what one buyer in a hundred exceeds. */
  readonly capped?: boolean;
  readonly of: (control: OutcomeSums, treatment: OutcomeSums) => OrRefusal<Estimate>;
}

const differenceOf = (result: OrRefusal<{ difference: Estimate }>) =>
  part(result, ({ difference }) => difference);

const readings: readonly Reading[] = [
  { method: "difference, Welch's t (reports)", of: (c, t) => differenceOf(welch(c, t, 0.95)) },
  { method: "difference, Welch's t, capped", capped: true, of: (c, t) => differenceOf(welch(c, t, 0.95)) },
  { method: 'difference, Hall', of: (c, t) => differenceOf(hall(c, t, 0.95)) },
  { method: 'difference, Hall, capped', capped: true, of: (c, t) => differenceOf(hall(c, t, 0.95)) },
  { method: "difference, Student's t (for comparison)", of: (c, t) => differenceOf(student(c, t, 0.95)) },
  { method: 'uplift, Fieller (reports)', of: (c, t) => fieller(c, t, 0.95) },
  { method: 'uplift, log (for comparison)', of: (c, t) => logUplift(c, t, 0.95) },
  { method: 'uplift, delta (for comparison)', of: (c, t) => meanDeltaUplift(c, t, 0.95) },
];

export const revenueMeans: Study = {
  id: 'revenue',
  title: 'Revenue per recipient where nothing differs',
  story:
    'One recipient in a hundred buys, for log-normal amounts with σ = 1.2 (skewness about 87). Equal arms are safe for ' +
    "Welch's t test; arms of 90 % and 10 % are not, and the skewness guard says so before a report draws a conclusion: " +
    'the last column is the share of experiments in which an interval misses and no guard warns. A cap that was fixed ' +
    'before (what one buyer in a hundred exceeds) helps little in 2,000 recipients and more in 10,000, most with the ' +
    'correction of Hall. Without a cap that errs too often in equal arms, so it is a second opinion for unequal ones, ' +
    'refused below 10,000 recipients in an arm. Uplifts on the log scale or by the delta method are too sure of themselves.',
  columns: ['lies too high (2.5 %)', 'too low (2.5 %)', 'guard warns', 'misses unwarned (5 %)'],
  runs: RUNS,
  rows: (random) =>
    SPLITS.flatMap(([nc, nt]): Row[] => {
      const tallies = readings.map(() => ({ high: 0, low: 0, warned: 0, unwarned: 0, answered: 0 }));
      const cap = topPercentile(SHOP);
      const [control, treatment] = [cappedArm(SHOP, nc, cap), cappedArm(SHOP, nt, cap)];
      for (let run = 0; run < RUNS; run += 1) {
        const [c, t] = [control(random), treatment(random)];
        const warned = skewGuard(c.plain, t.plain) !== undefined;
        const cappedWarned = skewGuard(c.capped, t.capped) !== undefined;
        readings.forEach(({ capped, of }, i) => {
          const tally = tallies[i];
          if (tally)
            count(
              tally,
              capped ? of(c.capped, t.capped) : of(c.plain, t.plain),
              capped ? cappedWarned : warned,
            );
        });
      }
      const condition = `${nc.toLocaleString('en')} + ${nt.toLocaleString('en')}`;
      return readings.flatMap(({ method }, i) => {
        const { high, low, warned, unwarned, answered } = tallies[i] ?? { answered: 0 };
        const observed = [high, low, warned, unwarned].map((tally) => counted(tally, RUNS));
        return answered === 0 ? [] : [{ condition, method, observed }];
      });
    }),
};

interface Tally {
  high: number;
  low: number;
  warned: number;
  unwarned: number;
  answered: number;
}

/** Counts an interval that misses a true effect of zero. */
function count(tally: Tally, result: OrRefusal<Estimate>, warned: boolean): void {
  if (warned) tally.warned += 1;
  if (isRefusal(result)) return;
  tally.answered += 1;
  const { lower, upper } = result.interval;
  if (lower > 0) tally.high += 1;
  if (upper < 0) tally.low += 1;
  if ((lower > 0 || upper < 0) && !warned) tally.unwarned += 1;
}
