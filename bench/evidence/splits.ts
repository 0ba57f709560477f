import { covariateBalance } from '../../src/statistics/adjustment/balance.js';
import { crossSums, type CrossSums } from '../../src/statistics/cross-sums.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { machineShareTest } from '../../src/statistics/proportions/machine-opens.js';
import { isRefusal } from '../../src/statistics/result.js';
import { cohortSrm } from '../../src/statistics/srm/cohort-srm.js';
import { funnelEdges } from '../../src/statistics/srm/funnel.js';
import { srm } from '../../src/statistics/srm/srm.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { ERRS, pledgeRows, rejects, type Pledge } from './pledges.js';
import type { Study } from './study.js';

const RUNS = 10_000;

export const splitChecks: Study = {
  id: 'split-checks',
  title: 'Checks of the split where it is as planned',
  story:
    'How often each check alarms although recipients were assigned, sent and delivered as planned. Alarms are looked into ' +
    'below 0.001; larger bounds stand here because the number of runs shows little at 0.001. Exact tests of a handful of ' +
    'recipients alarm less often than they may.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => [
    ...pledgeRows('12 recipients, 2 : 1', split(12, [2, 1]), [ratio([2, 1], 0.05)], RUNS, random),
    ...pledgeRows('12 recipients, 3 arms', split(12, [1, 1, 1]), [ratio([1, 1, 1], 0.05)], RUNS, random),
    ...pledgeRows('20,000, 9 : 1', split(20_000, [9, 1]), [ratio([9, 1], 0.05)], RUNS, random),
    ...pledgeRows('12 cohorts of 30 to 8,000', cohorts, [cohortPledge], RUNS, random),
    ...pledgeRows('4 stages, 5,000 + 5,000', funnel, [funnelPledge], RUNS, random),
    ...pledgeRows('1 in 3, 3 arms of 2,000', machines, [machinePledge], RUNS, random),
    ...pledgeRows('spending before, 50 + 150', covariates, [balance(0.05), balance(0.001)], RUNS, random),
  ],
};

function ratio(weights: readonly number[], alpha: number): Pledge<bigint[]> {
  const method = `sample ratio, p < ${alpha}`;
  return { method, promised: alpha, errs: (counts) => rejects(srm(counts, weights), alpha) };
}

const SIZES = [30, 60, 120, 250, 500, 1000, 2000, 3000, 4000, 5000, 6000, 8000];

const cohortPledge: Pledge<bigint[][]> = {
  method: 'cohorts with Holm, p < 0.05',
  promised: 0.05,
  errs: (counts) => {
    const result = cohortSrm(counts, [1, 1]);
    return !isRefusal(result) && result.cohorts.some((one) => !isRefusal(one) && one.pHolm < 0.05);
  },
};

type Stages = Parameters<typeof funnelEdges>[0];

const funnelPledge: Pledge<Stages> = {
  method: 'funnel with Holm, p < 0.05',
  promised: 0.05,
  errs: (stages) => {
    const result = funnelEdges(stages);
    return !isRefusal(result) && result.edges.some(({ test }) => !isRefusal(test) && test.pHolm < 0.05);
  },
};

const machinePledge: Pledge<number[]> = {
  method: 'share of machines, p < 0.05',
  promised: 0.05,
  errs: (flagged) =>
    rejects(machineShareTest(flagged.map((k) => ({ successes: BigInt(k), n: 2000n }))), 0.05),
};

function balance(alpha: number): Pledge<CrossSums[]> {
  return {
    method: `covariate balance, p < ${alpha}`,
    promised: alpha,
    errs: (arms) => {
      const result = covariateBalance(arms, alpha);
      return !isRefusal(result) && !result.balanced;
    },
  };
}

/** Assigns `n` recipients one after the other. */
function split(n: number, weights: readonly number[]): (random: Chance) => bigint[] {
  const [first = 1, ...others] = weights;
  const share = first / weights.reduce((sum, weight) => sum + weight, 0);
  if (others.length === 1) {
    const draw = drawFrom(binomialTable(n, share, binomial.logPmf));
    return (random) => {
      const k = draw(random);
      return [BigInt(k), BigInt(n - k)];
    };
  }
  return (random) => {
    const counts = weights.map(() => 0);
    for (let i = 0; i < n; i += 1) {
      const arm = Math.floor(weights.length * random.uniform());
      counts[arm] = (counts[arm] ?? 0) + 1;
    }
    return counts.map(BigInt);
  };
}

const evenSplits = SIZES.map((n) => split(n, [1, 1]));

function cohorts(random: Chance): bigint[][] {
  return evenSplits.map((draw) => draw(random));
}

function funnel(random: Chance): Stages {
  const arms = [0, 1].map(() => {
    const sent = 5000 - sentLost(random);
    const delivered = sent - Math.min(sent, deliveryLost(random));
    return [5000, sent, delivered, Math.min(delivered, seen(random))];
  });
  return ['assigned', 'sent', 'delivered', 'seen'].map((name, stage) => ({
    name,
    recipients: arms.map((counts) => BigInt(counts[stage] ?? 0)),
  }));
}

const sentLost = drawFrom(binomialTable(5000, 0.001, binomial.logPmf));
const deliveryLost = drawFrom(binomialTable(5000, 0.02, binomial.logPmf));
const seen = drawFrom(binomialTable(5000, 0.3, binomial.logPmf));
const machine = drawFrom(binomialTable(2000, 1 / 3, binomial.logPmf));

function machines(random: Chance): number[] {
  return [0, 1, 2].map(() => machine(random));
}

/** Outcome 0 is not looked at; outcome 1 is what was spent before, in cents, very skewed. */
function covariates(random: Chance): CrossSums[] {
  return [50, 150].map((n) => {
    let [x, xx] = [0n, 0n];
    for (let i = 0; i < n; i += 1) {
      const spent = BigInt(Math.round(1000 * Math.exp(1.2 * random.normal())));
      x += spent;
      xx += spent * spent;
    }
    const sums = crossSums({ n: BigInt(n), sums: [0n, x], products: [[0n], [0n, xx]] });
    if (isRefusal(sums)) throw new Error(sums.reason);
    return sums;
  });
}
