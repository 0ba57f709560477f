import type { Count } from '../../src/statistics/count.js';
import { rateDifference } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { rateVariance } from '../../src/statistics/proportions/wald-difference.js';
import { isRefusal } from '../../src/statistics/result.js';
import { groupSequentialAnalysis } from '../../src/statistics/sequential/analysis.js';
import { confidenceSequence } from '../../src/statistics/sequential/confidence-sequence.js';
import { groupSequential } from '../../src/statistics/sequential/group-sequential.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 10_000;
const LOOKS = 14;
const STOPPED_RUNS = 2000;
const STOPPED_LOOKS = 5;
const PER_LOOK = 1000;
const BASE = 0.05;
/** An effect that one test at the end would find in 80 % of experiments. */
const EFFECT = 0.00745;

/** What a look sees: both arms so far, and which look it is. */
type Rule = (control: Count, treatment: Count, look: number) => boolean;

const SPENDING = { kind: 'obrien_fleming' } as const;
const bounds = boundsAt(evenly(LOOKS));
const stoppedAt = evenly(STOPPED_LOOKS);
const stoppedBounds = boundsAt(stoppedAt);
const planned = 2 * LOOKS * PER_LOOK;

const rules: Readonly<Record<string, Rule>> = {
  'one test at the end': (c, t, look) => look === LOOKS - 1 && rejects(c, t),
  'the same test at every look (for comparison)': (c, t) => rejects(c, t),
  'group sequential, spending like O’Brien and Fleming': (c, t, look) =>
    Math.abs(zOf(c, t)) >= (bounds[look] ?? Infinity),
  'confidence sequence tuned for the planned end': (c, t) => sequence(c, t),
};

export const peeking: Study = {
  id: 'peeking',
  title: 'Fourteen looks at a running experiment',
  story:
    'Daily looks at 1,000 more recipients per arm, a rate of 5 %; the experiment stops at the first look that rejects. ' +
    'The effect is the one that a single test at the end finds in 80 % of experiments. The last column says which share ' +
    'of the recipients was needed with the effect.',
  columns: ['rejects without effect (5 %)', 'finds the effect', 'recipients needed'],
  runs: RUNS,
  rows: (random) => {
    const without = run(0, random);
    const withEffect = run(EFFECT, random);
    return Object.keys(rules).map((method): Row => {
      const [none, some] = [without.get(method), withEffect.get(method)];
      const recipients = { share: (some?.looks ?? 0) / RUNS / LOOKS, error: 0 };
      return {
        condition: '5 %, 14 looks',
        method,
        observed: [counted(none?.rejected, RUNS), counted(some?.rejected, RUNS), recipients],
      };
    });
  },
};

function run(effect: number, random: Chance): Map<string, { rejected: number; looks: number }> {
  const daily = [BASE, BASE + effect].map((p) => drawFrom(binomialTable(PER_LOOK, p, binomial.logPmf)));
  const found = new Map(Object.keys(rules).map((name) => [name, { rejected: 0, looks: 0 }]));
  for (let i = 0; i < RUNS; i += 1) {
    const open = new Set(Object.keys(rules));
    const sums = [0, 0];
    for (let look = 0; look < LOOKS; look += 1) {
      daily.forEach((draw, arm) => (sums[arm] = (sums[arm] ?? 0) + draw(random)));
      const n = BigInt(PER_LOOK * (look + 1));
      const [control, treatment] = sums.map((k) => ({ successes: BigInt(k), n }));
      if (!control || !treatment) continue;
      for (const name of open) {
        const tally = found.get(name);
        if (!tally) continue;
        tally.looks += 1;
        if (!rules[name]?.(control, treatment, look)) continue;
        tally.rejected += 1;
        open.delete(name);
      }
    }
  }
  return found;
}

function rejects(control: Count, treatment: Count): boolean {
  const test = pearson([control, treatment]);
  return !isRefusal(test) && test.p < 0.05;
}

function seOf(control: Count, treatment: Count): number {
  return Math.sqrt(rateVariance(control) + rateVariance(treatment));
}

function zOf(control: Count, treatment: Count): number {
  return rateDifference(control, treatment) / seOf(control, treatment);
}

function sequence(control: Count, treatment: Count): boolean {
  const estimate = { value: rateDifference(control, treatment), se: seOf(control, treatment) };
  const events = [control.successes, treatment.successes];
  const result = confidenceSequence({ ...estimate, n: control.n + treatment.n, events }, planned, 0.05);
  return !isRefusal(result) && result.significant;
}

function evenly(looks: number): number[] {
  return Array.from({ length: looks }, (_, i) => (i + 1) / looks);
}

function boundsAt(fractions: readonly number[]): number[] {
  const design = groupSequential(fractions, SPENDING, 0.05, 0.8);
  return isRefusal(design) ? [] : design.looks.map(({ bound }) => bound);
}

export const stopping: Study = {
  id: 'stopping',
  title: 'Estimates of experiments that stopped at a look',
  story:
    'Five looks, stopped by the group sequential test: who stops at a lucky moment overstates the effect. The ' +
    'ordinary estimate lies above the truth in more than half of the experiments that a real effect stops; the ' +
    'median-unbiased one in half of them, and its stage-wise interval covers the truth as often as it says.',
  columns: ['estimate above the truth (50 %)', 'interval too high (2.5 %)', 'too low (2.5 %)'],
  runs: STOPPED_RUNS,
  rows: (random) =>
    [0, EFFECT, 2 * EFFECT].flatMap((effect): Row[] => {
      const [naive, stagewise] = [tally(), tally()];
      for (let i = 0; i < STOPPED_RUNS; i += 1) {
        const looks = normalLooks(effect, random);
        const stop = looks.findIndex(
          ({ value, se }, k) => Math.abs(value / se) > (stoppedBounds[k] ?? Infinity),
        );
        const seen = stop < 0 ? looks : looks.slice(0, stop + 1);
        const last = seen.at(-1);
        const analysis = groupSequentialAnalysis(seen, SPENDING, 0.05);
        if (isRefusal(analysis) || !analysis.ending || !last) continue;
        const half = 1.959963984540054 * last.se;
        score(naive, last.value, last.value - half, last.value + half, effect);
        const { value, interval } = analysis.ending.estimate;
        score(stagewise, value, interval.lower, interval.upper, effect);
      }
      const condition = `effect ${(100 * effect).toFixed(2)} points`;
      const observed = ({ above, high, low }: Tally) =>
        [above, high, low].map((count) => counted(count, STOPPED_RUNS));
      return [
        { condition, method: 'ordinary (for comparison)', observed: observed(naive) },
        { condition, method: 'stage-wise, median-unbiased', observed: observed(stagewise) },
      ];
    }),
};

interface Tally {
  above: number;
  high: number;
  low: number;
}

function tally(): Tally {
  return { above: 0, high: 0, low: 0 };
}

function score(into: Tally, value: number, lower: number, upper: number, truth: number): void {
  if (value > truth) into.above += 1;
  if (lower > truth) into.high += 1;
  if (upper < truth) into.low += 1;
}

/** Looks at estimates that are exactly normal, as those of many recipients nearly are. */
function normalLooks(effect: number, random: Chance) {
  const perLook = (2 * BASE * (1 - BASE) * STOPPED_LOOKS) / (PER_LOOK * LOOKS);
  let sum = 0;
  return stoppedAt.map((fraction, k) => {
    sum += effect + Math.sqrt(perLook) * random.normal();
    return { fraction, value: sum / (k + 1), se: Math.sqrt(perLook / (k + 1)) };
  });
}
