import { contrast, jointContrasts } from '../../src/statistics/factorial/contrast.js';
import { factorialEffects } from '../../src/statistics/factorial/effects.js';
import { factorialContrasts } from '../../src/statistics/factorial/factorial-contrasts.js';
import { factorialLinear } from '../../src/statistics/factorial/linear.js';
import { marginalEffects } from '../../src/statistics/factorial/marginal-effects.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import type { Chance } from './chance.js';
import { rateArm } from './cohorts.js';
import { ERRS, misses, part, pledgeRows, rejects, type Pledge } from './pledges.js';
import { normalArm } from './spread.js';
import type { Study } from './study.js';

const RUNS = 2000;
const SUBJECT = [-0.5, -0.5, 0.5, 0.5];
const INTERACTION = [1, -1, -1, 1];

type Cells = OutcomeSums[];

export const factorEffects: Study = {
  id: 'factors',
  title: 'Effects of factors on means, and of three factors on rates',
  story:
    'Four cells of 1,000, 200, 200 and 200 recipients, the last of which spreads three times as much as the others: the ' +
    'classic linear model assumes one variance and cries wolf, contrasts do not. Then eight cells (three factors) of which ' +
    'the first factor truly adds one point to a rate of 5 %: how often its interval misses that, and how often effects are ' +
    'found that are not there.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => {
    const means = [1000, 200, 200, 200].map((n, i) => normalArm(n, 100, i === 3 ? 30 : 10));
    return [
      ...pledgeRows('means, unequal spread', all(means), meanPledges, RUNS, random),
      ...pledgeRows('2 × 2 × 2 cells of 2,000', all(cube(2000)), cubePledges, RUNS, random),
      ...pledgeRows('2 × 2 × 2, one of 8,000, others 500', all(cube(500, 8000)), cubePledges, RUNS, random),
    ];
  },
};

/** Three factors; the first, whose level is the first to tell cells apart, adds one point. */
function cube(size: number, first = size) {
  return Array.from({ length: 8 }, (_, i) => rateArm(i === 0 ? first : size, i < 4 ? 0.05 : 0.06));
}

function all(draws: readonly ((random: Chance) => OutcomeSums)[]): (random: Chance) => Cells {
  return (random) => draws.map((draw) => draw(random));
}

const meanPledges: readonly Pledge<Cells>[] = [
  {
    method: 'main effect, contrast (reports)',
    promised: 0.05,
    errs: (cells) =>
      misses(
        part(contrast('mean', cells, SUBJECT, 0.95), ({ estimate }) => estimate),
        0,
      ),
  },
  {
    method: 'interaction, contrast (reports)',
    promised: 0.05,
    errs: (cells) =>
      misses(
        part(contrast('mean', cells, INTERACTION, 0.95), ({ estimate }) => estimate),
        0,
      ),
  },
  {
    method: 'all effects at once, joint contrasts',
    promised: 0.05,
    errs: (cells) => rejects(jointContrasts('mean', cells, rowsOf([2, 2])), 0.05),
  },
  linear('main effect, linear model', 0),
  linear('interaction, linear model', 2),
];

function linear(method: string, term: number): Pledge<Cells> {
  return {
    method,
    promised: 0.05,
    errs: (cells) => {
      const model = factorialLinear([2, 2], cells, 2, 0.95);
      return !isRefusal(model) && rejects(model.terms[term]?.test, 0.05);
    },
  };
}

/** Main effects and interactions as rows of coefficients; there are none of single levels. */
function rowsOf(levels: readonly number[]) {
  return factorialContrasts(levels)
    .filter(({ kind }) => kind !== 'simple')
    .map(({ coefficients }) => coefficients);
}

const cubePledges: readonly Pledge<Cells>[] = [
  {
    method: "first factor's effect, contrast (reports)",
    promised: 0.05,
    errs: (cells) => {
      const first = effectOf(cells, [0]);
      return (
        first !== undefined &&
        misses(
          part(first, ({ estimate }) => estimate),
          0.01,
        )
      );
    },
  },
  {
    method: 'interaction of all three, contrast (reports)',
    promised: 0.05,
    errs: (cells) =>
      rejects(
        part(effectOf(cells, [0, 1, 2]) ?? NONE, ({ test }) => test),
        0.05,
      ),
  },
  {
    method: 'all interactions at once, joint contrasts',
    promised: 0.05,
    errs: (cells) => rejects(jointContrasts('proportion', cells, INTERACTIONS, 'smoothed'), 0.05),
  },
  {
    method: "first factor's effect, logit model",
    promised: 0.05,
    errs: (cells) => {
      const counts = cells.map(({ sum, n }) => ({ successes: sum, n }));
      const effects = marginalEffects([2, 2, 2], counts, 1, 0.95);
      const [first] = isRefusal(effects) ? [] : effects.main;
      return first !== undefined && misses(first.estimate, 0.01);
    },
  },
];

const INTERACTIONS = factorialContrasts([2, 2, 2])
  .filter(({ kind }) => kind === 'interaction')
  .map(({ coefficients }) => coefficients);
const NONE = { refused: true, code: 'invalid_input', reason: 'There is no such effect.' } as const;

function effectOf(cells: Cells, factors: readonly number[]) {
  const result = factorialEffects('proportion', [2, 2, 2], cells, 0.95, 'equal', 'smoothed');
  if (isRefusal(result)) return result;
  return result.effects.find(({ kind, factors: of }) => kind !== 'simple' && String(of) === String(factors))
    ?.result;
}
