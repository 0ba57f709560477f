import { fieller } from '../../src/statistics/means/fieller.js';
import { skewGuard } from '../../src/statistics/means/skew-guard.js';
import { welch } from '../../src/statistics/means/welch.js';
import { isRefusal, type OrRefusal, type Estimate } from '../../src/statistics/result.js';
import { revenueArm, SHOP } from './revenue.js';
import { counted, type Observed, type Row, type Study } from './study.js';

const RUNS = 4000;

const SPLITS = [
  [1000, 1000],
  [5000, 5000],
  [20_000, 20_000],
  [18_000, 2000],
  [90_000, 10_000],
] as const;

export const revenueMeans: Study = {
  id: 'revenue',
  title: 'Revenue per recipient where nothing differs',
  story:
    'One recipient in a hundred buys, for log-normal amounts with σ = 1.2 (skewness about 87). Equal arms are safe for ' +
    "Welch's t test; arms of 90 % and 10 % are not, and the skewness guard says so before a report draws a conclusion: " +
    'the last column is the share of experiments in which an interval misses and no guard warns.',
  columns: ['lies too high (2.5 %)', 'too low (2.5 %)', 'guard warns', 'misses unwarned (5 %)'],
  runs: RUNS,
  rows: (random) =>
    SPLITS.flatMap(([nc, nt]): Row[] => {
      const tally = { differences: sides(), uplifts: sides(), warned: 0 };
      const [control, treatment] = [revenueArm(SHOP, nc), revenueArm(SHOP, nt)];
      for (let run = 0; run < RUNS; run += 1) {
        const [c, t] = [control(random), treatment(random)];
        const warned = skewGuard(c, t) !== undefined;
        const test = welch(c, t, 0.95);
        tally.warned += warned ? 1 : 0;
        count(tally.differences, isRefusal(test) ? test : test.difference, warned);
        count(tally.uplifts, fieller(c, t, 0.95), warned);
      }
      const condition = `${nc.toLocaleString('en')} + ${nt.toLocaleString('en')}`;
      const guard = counted(tally.warned, RUNS);
      return [
        { condition, method: "difference, Welch's t", observed: observed(tally.differences, guard) },
        { condition, method: 'uplift, Fieller', observed: observed(tally.uplifts, guard) },
      ];
    }),
};

interface Sides {
  high: number;
  low: number;
  unwarned: number;
}

function sides(): Sides {
  return { high: 0, low: 0, unwarned: 0 };
}

/** Counts an interval that misses a true effect of zero. */
function count(tally: Sides, result: OrRefusal<Estimate>, warned: boolean): void {
  if (isRefusal(result)) return;
  const { lower, upper } = result.interval;
  if (lower > 0) tally.high += 1;
  if (upper < 0) tally.low += 1;
  if ((lower > 0 || upper < 0) && !warned) tally.unwarned += 1;
}

function observed({ high, low, unwarned }: Sides, guard: Observed): Observed[] {
  return [counted(high, RUNS), counted(low, RUNS), guard, counted(unwarned, RUNS)];
}
