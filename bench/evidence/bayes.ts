import { betaBinomial } from '../../src/statistics/bayes/beta-binomial.js';
import { betaBinomialMulti } from '../../src/statistics/bayes/beta-binomial-multi.js';
import { normalPosterior } from '../../src/statistics/bayes/normal.js';
import { priorFromTests } from '../../src/statistics/bayes/prior-from-tests.js';
import { upliftPosterior } from '../../src/statistics/bayes/uplift-posterior.js';
import type { Count } from '../../src/statistics/count.js';
import { beta } from '../../src/statistics/distributions/beta.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { Chance } from './chance.js';
import { ERRS, misses, part, pledgeRows, type Pledge } from './pledges.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 2000;
const N = 500;
const PRIOR = { a: 5, b: 95 };

interface Experiment {
  readonly truths: readonly number[];
  readonly counts: readonly Count[];
}

/** Arms of 500 recipients whose rates come from the prior. */
function experiment(arms: number, random: Chance): Experiment {
  const truths = Array.from({ length: arms }, () => beta.quantile(random.uniform(), PRIOR.a, PRIOR.b));
  const counts = truths.map((p) => {
    let k = 0n;
    for (let i = 0; i < N; i += 1) if (random.uniform() < p) k += 1n;
    return { successes: k, n: BigInt(N) };
  });
  return { truths, counts };
}

function two({ truths: [pc = NaN, pt = NaN], counts: [control, treatment] }: Experiment) {
  if (!control || !treatment) throw new Error('There are two arms.');
  return { pc, pt, control, treatment };
}

export const posteriors: Study = {
  id: 'posterior',
  title: 'Credible intervals where the prior is true, and where it is not',
  story:
    'Two arms of 500 recipients with rates drawn from the prior Beta(5, 95), and effects drawn from a normal prior as wide ' +
    'as their standard error: intervals keep their promise. A prior learnt from 40 past tests is taken for the true one, ' +
    'which makes intervals a little too narrow; one that is three times too narrow makes them worthless. Who looks ' +
    'fourteen times for P(better) above 95 % finds it far too often.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => [
    ...pledgeRows('prior is true', (chance) => two(experiment(2, chance)), ratePledges, RUNS, random),
    ...pledgeRows('prior is true', (chance) => past(chance), [believed(1), learnt], RUNS, random),
    ...pledgeRows('prior three times too narrow', (chance) => past(chance), [believed(1 / 3)], RUNS, random),
    ...pledgeRows('no effect, flat prior', looks, [onceAbove, everAbove], RUNS, random),
  ],
};

const ratePledges: readonly Pledge<ReturnType<typeof two>>[] = [
  {
    method: 'rate of an arm',
    promised: 0.05,
    errs: ({ control, treatment, pt }) =>
      misses(
        part(betaBinomial(control, treatment, PRIOR, 0.95), (result) => result.treatment),
        pt,
      ),
  },
  {
    method: 'uplift',
    promised: 0.05,
    errs: ({ control, treatment, pc, pt }) =>
      misses(
        part(upliftPosterior(control, treatment, PRIOR, 0.95), ({ uplift }) => uplift),
        pt / pc - 1,
      ),
  },
];

/** One test with its true effect, and 40 past ones of the same kind. */
function past(random: Chance) {
  const draw = () => {
    const truth = 1 + random.normal();
    return { truth, value: truth + random.normal(), se: 1 };
  };
  return { ...draw(), tests: Array.from({ length: 40 }, draw) };
}

function believed(sd: number): Pledge<ReturnType<typeof past>> {
  return {
    method: 'effect, normal prior',
    promised: 0.05,
    errs: ({ truth, value, se }) =>
      misses(
        part(normalPosterior({ mean: 1, sd }, { value, se }, 0.95), ({ effect }) => effect),
        truth,
      ),
  };
}

const learnt: Pledge<ReturnType<typeof past>> = {
  method: 'effect, prior from past tests',
  promised: 0.05,
  errs: ({ truth, value, se, tests }) => {
    const prior = priorFromTests(tests);
    if (isRefusal(prior)) return false;
    return misses(
      part(normalPosterior(prior, { value, se }, 0.95), ({ effect }) => effect),
      truth,
    );
  },
};

/** P(better) at each of fourteen looks at an experiment without effect, under a prior that says nothing. */
function looks(random: Chance): number[] {
  let sum = 0;
  return Array.from({ length: 14 }, (_, i) => {
    sum += random.normal();
    const estimate = { value: sum / (i + 1), se: Math.sqrt(1 / (i + 1)) };
    const result = normalPosterior({ mean: 0, sd: 1000 }, estimate, 0.95);
    return isRefusal(result) ? NaN : result.treatmentBetter.probability;
  });
}

const onceAbove: Pledge<number[]> = {
  method: 'P(better) above 95 % at the end',
  promised: 0.05,
  errs: (chances) => (chances.at(-1) ?? 0) > 0.95,
};

const everAbove: Pledge<number[]> = {
  method: 'P(better) above 95 % at any of 14 looks',
  promised: 0.05,
  errs: (chances) => chances.some((chance) => chance > 0.95),
};

const BANDS = [0, 0.1, 0.5, 0.9, 1.000_001];

export const calibration: Study = {
  id: 'calibration',
  title: 'Chances to be better, and to be best',
  story:
    'Arms of 500 recipients with rates drawn from the prior Beta(5, 95). Among the arms that were given a chance within a ' +
    'band, that share should truly be better, or the best, which the chances have on average.',
  columns: ['mean chance', 'truly so'],
  runs: RUNS,
  rows: (random) => [
    ...bands('better than control, 2 arms', 2, random, ({ counts: [control, treatment], truths }) => {
      const result = control && treatment && betaBinomial(control, treatment, PRIOR, 0.95);
      if (!result || isRefusal(result)) return [];
      return [{ said: result.treatmentBetter.probability, so: (truths[1] ?? 0) > (truths[0] ?? 0) }];
    }),
    ...bands('best of 4 arms', 4, random, ({ counts, truths }) => {
      const result = betaBinomialMulti(counts, PRIOR);
      if (isRefusal(result)) return [];
      const best = Math.max(...truths);
      return result.arms.map(({ probabilityBest }, i) => ({ said: probabilityBest, so: truths[i] === best }));
    }),
  ],
};

function bands(
  condition: string,
  arms: number,
  random: Chance,
  judge: (data: Experiment) => readonly { readonly said: number; readonly so: boolean }[],
): Row[] {
  const judged = Array.from({ length: RUNS }, () => judge(experiment(arms, random))).flat();
  return BANDS.slice(1).map((upper, i): Row => {
    const lower = BANDS[i] ?? 0;
    const within = judged.filter(({ said }) => said >= lower && said < upper);
    const mean = within.reduce((sum, { said }) => sum + said, 0) / Math.max(1, within.length);
    return {
      condition,
      method: `chance of ${100 * lower} to ${Math.round(100 * upper)} %`,
      observed: [{ share: mean, error: 0 }, counted(within.filter(({ so }) => so).length, within.length)],
    };
  });
}
