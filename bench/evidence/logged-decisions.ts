import { isCarriedByFew } from '../../src/evaluation/off-policy/carried.js';
import { partsOf, type PolicyEstimator, standardError } from '../../src/evaluation/off-policy/influence.js';
import type { PolicyLog, PolicyView } from '../../src/evaluation/off-policy/policy-log.js';
import {
  comparePolicies,
  policyValue,
  usualLeastEffective,
} from '../../src/evaluation/off-policy/policy-value.js';
import { weightsOf } from '../../src/evaluation/off-policy/weights.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import type { Chance } from './chance.js';
import { type Aim, type Ends, sideRows, SIDES_AND_NONE } from './sides.js';
import type { Row, Study } from './study.js';

const RUNS = 2000;
const KINDS = 5;
const LOGGED = [0.6, 0.3, 0.1];

interface World {
  readonly condition: string;
  readonly decisions: number;
  /** Share of decisions that bring something, before kind and action change it. */
  readonly base: number;
  readonly amount: (random: Chance) => number;
  readonly meanAmount: number;
  /** Whatever is done brings the same. */
  readonly alike?: true;
}

const one = { amount: () => 1, meanAmount: 1 };
const spend = { amount: (random: Chance) => Math.exp(3 + random.normal()), meanAmount: Math.exp(3.5) };

const WORLDS: readonly World[] = [
  { condition: '20 % of 600', decisions: 600, base: 0.2, ...one },
  { condition: '2 % of 600', decisions: 600, base: 0.02, ...one },
  { condition: '2 % of 3,000', decisions: 3_000, base: 0.02, ...one },
  { condition: '0.5 % of 10,000', decisions: 10_000, base: 0.005, ...one },
  { condition: 'spend of 2 % of 3,000', decisions: 3_000, base: 0.02, ...spend },
  { condition: 'spend of 0.5 % of 10,000', decisions: 10_000, base: 0.005, ...spend },
  { condition: '2 % of 600, actions alike', decisions: 600, base: 0.02, ...one, alike: true },
  { condition: '2 % of 3,000, actions alike', decisions: 3_000, base: 0.02, ...one, alike: true },
  {
    condition: 'spend of 2 % of 10,000, actions alike',
    decisions: 10_000,
    base: 0.02,
    ...spend,
    alike: true,
  },
];

/** Five kinds of recipients and three actions; the policy asked about gives to each kind an action of its own. */
const policyOf = (kind: number): number => kind % 3;
const rate = ({ base, alike }: World, kind: number, action: number): number =>
  base * (1 + (alike ? 0 : 0.1 * action) + 0.1 * kind);
const other = 0;

interface Drawn {
  readonly log: PolicyLog;
  readonly view: PolicyView;
  readonly against: PolicyView;
}

function draw(world: World, random: Chance): Drawn {
  const rows = Array.from({ length: world.decisions }, () => {
    const kind = Math.floor(random.uniform() * KINDS);
    const chance = random.uniform();
    const action = chance < 0.6 ? 0 : chance < 0.9 ? 1 : 2;
    const brings = random.uniform() < rate(world, kind, action);
    return { kind, action, reward: brings ? world.amount(random) : 0 };
  });
  const expected = (kind: number, action: number): number => rate(world, kind, action) * world.meanAmount;
  const viewOf = (chosen: (kind: number) => number): PolicyView => ({
    chosen: Float64Array.from(rows, ({ kind, action }) => (action === chosen(kind) ? 1 : 0)),
    predicted: {
      logged: Float64Array.from(rows, ({ kind, action }) => expected(kind, action)),
      policy: Float64Array.from(rows, ({ kind }) => expected(kind, chosen(kind))),
    },
  });
  return {
    log: {
      rewards: Float64Array.from(rows, ({ reward }) => reward),
      probabilities: Float64Array.from(rows, ({ action }) => LOGGED[action] ?? NaN),
    },
    view: viewOf(policyOf),
    against: viewOf(() => other),
  };
}

function meanOver(of: (kind: number) => number): number {
  return Array.from({ length: KINDS }, (_, kind) => of(kind)).reduce((sum, value) => sum + value, 0) / KINDS;
}

const optionsOf = (estimator: PolicyEstimator) =>
  ({ estimator, leastEffective: usualLeastEffective, level: 0.95 }) as const;

function valueEnds({ log, view }: Drawn, estimator: PolicyEstimator): Ends | undefined {
  const value = policyValue(log, view, optionsOf(estimator));
  return 'refused' in value ? undefined : value.interval;
}

function normalEnds({ log, view }: Drawn): Ends | undefined {
  const { value, parts } = partsOf('snips', weightsOf(log, view), log, view);
  const reach = normal.isf(0.025) * standardError(parts, value);
  return reach > 0 ? [value - reach, value + reach] : undefined;
}

/** Of the difference; and the same where enough decisions carry it for a verdict: none is no mistake. */
function differenceEnds({ log, view, against }: Drawn): readonly (Ends | undefined)[] {
  const compared = comparePolicies(log, view, against, optionsOf('ips'));
  if ('refused' in compared) return [undefined, undefined];
  const { difference } = compared;
  return [difference.interval, isCarriedByFew(difference) ? [-Infinity, Infinity] : difference.interval];
}

function rowsOf(world: World, random: Chance): Row[] {
  const truth = meanOver((kind) => rate(world, kind, policyOf(kind)) * world.meanAmount);
  const gain = truth - meanOver((kind) => rate(world, kind, other) * world.meanAmount);
  const aims: Aim[] = [
    { method: 'inverse propensity', truth },
    { method: 'self-normalised', truth },
    { method: 'doubly robust', truth },
    { method: 'difference of two policies', truth: gain },
    { method: 'a verdict about the two', truth: gain },
    { method: 'self-normalised, normal (for comparison)', truth },
  ];
  const ends = (chance: Chance) => {
    const drawn = draw(world, chance);
    return [
      ...(['ips', 'snips', 'dr'] as const).map((estimator) => valueEnds(drawn, estimator)),
      ...differenceEnds(drawn),
      normalEnds(drawn),
    ];
  };
  return sideRows(world.condition, aims, ends, RUNS, random);
}

export const loggedDecisions: Study = {
  id: 'off-policy',
  title: 'Values of policies on logged decisions',
  story:
    'Three actions by lot, with chances of 60, 30 and 10 %, and a policy that gives another one to each of five kinds of ' +
    'recipients. Of 600 decisions about 150 count effectively; in the second world five of those brought something. ' +
    'Spend is log-normal with a variance of 1 on the scale of logarithms. Normal intervals lie too low where few ' +
    'decisions bring anything; those shown are corrected for skewness (Hall 1992), and of a difference the further limit on ' +
    'each side is taken. One in which a handful of decisions of the rarest action decide still lies too low: where fewer ' +
    'than 20 decisions of equal reward carry a difference, no policy is called better.',
  columns: SIDES_AND_NONE,
  runs: RUNS,
  rows: (random) => WORLDS.flatMap((world) => rowsOf(world, random)),
};
