import { binomial } from '../../src/statistics/distributions/binomial.js';
import { isRefusal } from '../../src/statistics/result.js';
import { sequentialSrm } from '../../src/statistics/srm/sequential-srm.js';
import { srm } from '../../src/statistics/srm/srm.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 4000;
const DAYS = 14;
const PER_DAY = 5000;

type Looks = readonly (readonly bigint[])[];

/** The first day on which it alarms, or undefined. */
const alarms: Readonly<Record<string, (looks: Looks) => number | undefined>> = {
  'chi-squared once, at the end, p < 0.001': (looks) => fixed(looks.slice(-1), 0.001) && DAYS,
  'chi-squared every day, p < 0.05 (for comparison)': (looks) => fixed(looks, 0.05),
  'chi-squared every day, p < 0.001': (looks) => fixed(looks, 0.001),
  'sequential, p < 0.01': (looks) => sequential(looks, 0.01),
  'sequential, p < 0.001': (looks) => sequential(looks, 0.001),
};

export const sampleRatio: Study = {
  id: 'srm',
  title: 'Alarms about the split, looked at for fourteen days',
  story:
    '5,000 recipients a day, planned 50/50. False alarms where the split is as planned, and alarms where it is 51/49; the ' +
    'last column is the share of the fourteen days that passed before the alarm, among experiments with one.',
  columns: ['alarms at 50/50', 'alarms at 51/49', 'time to alarm'],
  runs: RUNS,
  rows: (random) => {
    const [right, wrong] = [days(0.5, random), days(0.51, random)];
    return Object.entries(alarms).map(([method, alarm]): Row => {
      const found = wrong.map(alarm).filter((day) => day !== undefined);
      const time = found.reduce((sum, day) => sum + day, 0) / Math.max(1, found.length) / DAYS;
      const falsely = right.map(alarm).filter((day) => day !== undefined).length;
      return {
        condition: '14 days of 5,000',
        method,
        observed: [counted(falsely, RUNS), counted(found.length, RUNS), { share: time, error: 0 }],
      };
    });
  },
};

function days(share: number, random: Chance): Looks[] {
  const draw = drawFrom(binomialTable(PER_DAY, share, binomial.logPmf));
  return Array.from({ length: RUNS }, () => {
    let first = 0;
    return Array.from({ length: DAYS }, (_, day) => {
      first += draw(random);
      return [BigInt(first), BigInt(PER_DAY * (day + 1) - first)];
    });
  });
}

function fixed(looks: Looks, alpha: number): number | undefined {
  const day = looks.findIndex((counts) => {
    const result = srm(counts, [1, 1]);
    return !isRefusal(result) && result.p < alpha;
  });
  return day < 0 ? undefined : day + 1;
}

function sequential(looks: Looks, alpha: number): number | undefined {
  const result = sequentialSrm(looks, [1, 1]);
  if (isRefusal(result)) return undefined;
  const day = result.running.findIndex(({ p }) => p < alpha);
  return day < 0 ? undefined : day + 1;
}
