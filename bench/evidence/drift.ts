import { observedToExpected } from '../../src/evaluation/drift/observed-to-expected.js';
import { populationStability } from '../../src/evaluation/drift/psi.js';
import type { OrRefusal } from '../../src/evaluation/refusal.js';
import type { Chance } from './chance.js';
import { ERRS, pledgeRows } from './pledges.js';
import type { Row, Study } from './study.js';

const RUNS = 4000;

interface World {
  readonly condition: string;
  readonly then: number;
  readonly now: number;
  readonly shares: readonly number[];
}

const even = Array.from({ length: 10 }, () => 0.1);
/** A category that nearly nobody has, and one that most have. */
const uneven = [0.7, 0.15, 0.1, 0.04, 0.009, 0.001];

const WORLDS: readonly World[] = [
  { condition: 'ten bins, 2,000 then, 2,000 now', then: 2_000, now: 2_000, shares: even },
  { condition: 'ten bins, 20,000 then, 60 now', then: 20_000, now: 60, shares: even },
  { condition: 'rare categories, 2,000 then, 2,000 now', then: 2_000, now: 2_000, shares: uneven },
  { condition: 'rare categories, 20,000 then, 200 now', then: 20_000, now: 200, shares: uneven },
];

const alarms = (test: OrRefusal<{ readonly p: number }>): boolean => !('refused' in test) && test.p < 0.05;

function counts(size: number, shares: readonly number[], random: Chance): number[] {
  const found = shares.map(() => 0);
  for (let i = 0; i < size; i += 1) {
    let left = random.uniform();
    const place = Math.max(
      0,
      shares.findIndex((share) => (left -= share) < 0),
    );
    found[place] = (found[place] ?? 0) + 1;
  }
  return found;
}

function stability({ condition, then, now, shares }: World, random: Chance): Row[] {
  const draw = (chance: Chance) => [counts(then, shares, chance), counts(now, shares, chance)] as const;
  const drift = ([before, after]: readonly [number[], number[]]) =>
    populationStability({ counts: before, missing: 0 }, { counts: after, missing: 0 });
  const pledges = [
    {
      method: 'stability index, p < 0.05',
      promised: 0.05,
      errs: (data: readonly [number[], number[]]) => alarms(drift(data)),
    },
    {
      method: 'index above 0.2 (for comparison)',
      errs: (data: readonly [number[], number[]]) => {
        const found = drift(data);
        return 'value' in found && found.value > 0.2;
      },
    },
  ];
  return pledgeRows(condition, draw, pledges, RUNS, random);
}

/** Positives against what was predicted, where every prediction is right. */
function calibration(expected: number, probability: number, random: Chance): Row[] {
  const rows = Math.round(expected / probability);
  const draw = (chance: Chance): number => {
    let seen = 0;
    for (let i = 0; i < rows; i += 1) if (chance.uniform() < probability) seen += 1;
    return seen;
  };
  const errs = (seen: number) => alarms(observedToExpected(seen, expected));
  const pledges = [{ method: 'positives over predicted, p < 0.05', promised: 0.05, errs }];
  const condition = `${expected} predicted, ${100 * probability} % each`;
  return pledgeRows(condition, draw, pledges, RUNS, random);
}

export const drift: Study = {
  id: 'drift',
  title: 'Alarms about drift where nothing has changed',
  story:
    'Values that fall into the same bins then and now, as often as chance has it. The index itself says little: of 60 rows ' +
    'it is above 0.2 in a third of the checks, and with six rows in a bin its test errs too often as well; an alarm wants ' +
    'both, and a p that is shared out over all that one check looks at. Calibration is held against a Poisson count, which ' +
    'errs on the careful side where positives are not rare.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => [
    ...WORLDS.flatMap((world) => stability(world, random)),
    ...calibration(10, 0.01, random),
    ...calibration(200, 0.02, random),
    ...calibration(200, 0.2, random),
  ],
};
