import type { Knex } from 'knex';
import { decidedOutcomes, type DecidedOutcome } from '../database/questions/decided-outcomes.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { badInput } from '../errors.js';
import { decodeHistory } from '../engagement/history.js';
import { windowEnd } from '../engagement/window-end.js';
import type { PolicyEstimator } from '../evaluation/off-policy/influence.js';
import type { PolicyLog, PolicyView } from '../evaluation/off-policy/policy-log.js';
import {
  comparePolicies,
  type PolicyComparison,
  policyValue,
  type PolicyOptions,
  type PolicyValue,
  usualLeastEffective,
} from '../evaluation/off-policy/policy-value.js';
import { type OrRefused, refused } from '../evaluation/refused.js';
import type { Metric, StoredExperiment } from '../experiments/experiment.js';
import { findStrategyVersion } from './change-activation.js';
import type { Context } from './context.js';
import { loadArmsOf } from './decide-drawn.js';
import { findExperiment } from './find-experiment.js';
import { type LoadedArm, loadArms } from './load-arms.js';
import { championOf } from './learn-strategy.js';
import { kindOf } from './load-parts.js';
import { type DecidedAgain, decideAgain, type LeftOut } from './policy-contents.js';

// For commands, which say what is usual in their help.
export { usualLeastEffective };

export interface PolicyPreviewAsked {
  /** `name@version` or `sha256:…`. */
  readonly strategy: string;
  readonly against?: string;
  /** Key of a metric of the experiment. */
  readonly metric: string;
  /** Values by self-normalising and differences by inverse probabilities unless given. */
  readonly estimator?: Exclude<PolicyEstimator, 'dr'>;
  readonly leastEffective?: number;
}

export interface PolicyPreview {
  readonly experiment: string;
  readonly metric: string;
  readonly decisions: {
    /** Those that the figures rest on. */
    readonly used: number;
    readonly leftOut: readonly { readonly reason: WhyLeftOut; readonly decisions: number }[];
    /** There were more: these are as good as drawn by chance. */
    readonly sampled: boolean;
  };
  readonly strategy: PreviewedStrategy;
  readonly against?: PreviewedStrategy & {
    /** Strategy less this one, of the same decisions. */
    readonly difference: OrRefused<PolicyComparison['difference']>;
  };
  /** What it means, and what not. */
  readonly meaning: readonly string[];
}

export interface PreviewedStrategy {
  /** `name@version` */
  readonly of: string;
  /** `name/3`, where it decides by what it learned. */
  readonly model?: string;
  /** Of the metric for each recipient, in its whole numbers: minor units of money. */
  readonly value: OrRefused<PolicyValue>;
}

type WhyLeftOut = LeftOut | 'no_ledger' | 'earlier_allocation' | 'window_open' | 'unknown_probability';

const page = 500;
const mostDecisions = 20_000;
/** So many that cannot be made again mean that something is wrong with all of them. */
const mostNotReproduced = 0.05;

/**
 * What a strategy would have brought in an experiment that has run, had it decided for everybody: its choices beside what was
 * delivered, with the chance that each delivery had. Stores nothing.
 *
 * @throws not_found `experiment_not_found`, `strategy_version_not_found`; bad_input `unknown_metric`, `unfit_metric`, `not_started`,
 * `nothing_learned`. Figures that cannot be had are refused in the answer.
 */
export async function previewPolicy(
  ctx: Pick<Context, 'db' | 'clock'>,
  key: string,
  asked: PolicyPreviewAsked,
): Promise<PolicyPreview> {
  const experiment = await findExperiment(ctx, key);
  if (experiment.status === 'draft') throw badInput('not_started', `"${key}" has decided nothing yet.`);
  const metric = metricOf(experiment, asked.metric);
  const arms = await loadArmsOf(ctx.db, experiment);
  const named = [asked.strategy, ...(asked.against === undefined ? [] : [asked.against])];
  const targets: Target[] = [];
  for (const reference of named) targets.push(await targetOf(ctx.db, experiment, arms, reference));
  const read = await readLog(ctx, experiment, metric, arms, targets);
  const options = (usual: PolicyEstimator): PolicyOptions => ({
    estimator: asked.estimator ?? usual,
    leastEffective: asked.leastEffective ?? usualLeastEffective,
    level: 0.95,
  });
  const unfit = unfitLog(read);
  const [first, second] = read.views;
  const [one, other] = targets;
  if (!first || !one) throw new Error('a policy was asked for without a strategy');
  const compared = second && (unfit ?? comparePolicies(read.log, first, second, options('ips')));
  return {
    ...{ experiment: key, metric: metric.key },
    decisions: { used: read.log.rewards.length, leftOut: read.leftOut, sampled: read.sampled },
    strategy: { ...one.shown, value: unfit ?? policyValue(read.log, first, options('snips')) },
    ...(second && other && compared && {
      against: {
        ...{ ...other.shown, value: unfit ?? policyValue(read.log, second, options('snips')) },
        difference: 'refused' in compared ? compared : compared.difference,
      },
    }),
    meaning: meaningOf(experiment, metric, targets),
  }; // prettier-ignore
}

function metricOf({ metrics, key }: StoredExperiment, wanted: string): Metric {
  const metric = metrics.find((one) => one.key === wanted);
  if (!metric) {
    const known = metrics.map((one) => one.key).join(', ');
    throw badInput('unknown_metric', `"${key}" has no metric "${wanted}"; it has ${known}.`);
  }
  if (!metric.denominator) return metric;
  throw badInput(
    'unfit_metric',
    `"${wanted}" is of those in its denominator only, and a policy is valued over everybody. Name a metric without one.`,
  );
}

interface Target {
  readonly arm: LoadedArm;
  readonly shown: Omit<PreviewedStrategy, 'value'>;
  /** Until when what it learned from happened. */
  readonly learnedUntil?: string;
}

/** The version as if it were an arm of the experiment: the same items, the same filter, its own fallback only. */
async function targetOf(
  db: Knex,
  experiment: StoredExperiment,
  arms: readonly LoadedArm[],
  reference: string,
): Promise<Target> {
  const version = await findStrategyVersion(db, reference);
  const of = `${version.name}@${version.version}`;
  const model = kindOf(version).learn ? await championOf(db, version) : undefined;
  if (kindOf(version).learn && !model)
    throw badInput('nothing_learned', `"${of}" has no model in use: let it learn first.`);
  const [any] = arms;
  if (!any) throw new Error(`experiment ${experiment.key} has no arms`);
  const manifest = {
    ...any.manifest,
    arm: of,
    strategy: version.hash,
    learned: model?.hash ?? null,
    slots: {},
    fallback: {},
  };
  const [arm] = await loadArms(db, [manifest]);
  if (!arm) throw new Error(`strategy version ${version.hash} cannot be loaded`);
  return {
    arm,
    shown: { of, ...(model && { model: modelName(version, model) }) },
    ...(model && { learnedUntil: model.clock }),
  };
}

const modelName = ({ name }: StrategyVersion, { number }: { readonly number: number }): string =>
  `${name}/${number}`;

interface ReadLog {
  readonly log: PolicyLog;
  readonly views: readonly PolicyView[];
  readonly leftOut: PolicyPreview['decisions']['leftOut'];
  readonly sampled: boolean;
}

async function readLog(
  ctx: Pick<Context, 'db' | 'clock'>,
  experiment: StoredExperiment,
  metric: Metric,
  arms: readonly LoadedArm[],
  targets: readonly Target[],
): Promise<ReadLog> {
  const gathered = new Gathered(experiment, targets.length);
  const now = ctx.clock().getTime();
  let [after, seen] = ['', 0];
  for (;;) {
    const rows = await decidedOutcomes(ctx.db, experiment.key, after, page);
    const last = rows.at(-1);
    if (!last) break;
    const fit = rows.filter((row) => gathered.keepIf(whyNot(experiment, metric, row, now)));
    const again = await decideAgain(ctx.db, fit, arms, targets.map(({ arm }) => arm)); // prettier-ignore
    fit.forEach((row, i) =>
      gathered.add(row, rewardOf(experiment, metric, row), again[i] ?? 'not_reproduced'),
    );
    [after, seen] = [last.recipientKey, seen + rows.length];
    if (seen >= mostDecisions) break;
  }
  return gathered.log(seen >= mostDecisions);
}

function whyNot(
  experiment: StoredExperiment,
  metric: Metric,
  row: DecidedOutcome,
  now: number,
): WhyLeftOut | undefined {
  if (row.decidedAt === null) return 'no_ledger';
  if (row.allocation !== experiment.allocation.version) return 'earlier_allocation';
  const end = windowEnd(experiment, metric, row.enrolledAt, decodeHistory(row.history));
  return end > now ? 'window_open' : undefined;
}

function rewardOf(
  { metrics }: StoredExperiment,
  { key, cap = Infinity }: Metric,
  { y }: DecidedOutcome,
): number {
  return Math.min(cap, y?.[metrics.findIndex((one) => one.key === key)] ?? 0);
}

class Gathered {
  readonly #shares: readonly number[];
  readonly #rewards: number[] = [];
  readonly #probabilities: number[] = [];
  readonly #chosen: number[][];
  readonly #unsupported: number[];
  readonly #leftOut = new Map<WhyLeftOut, number>();

  constructor({ allocation }: StoredExperiment, targets: number) {
    const all = allocation.weights.reduce((sum, weight) => sum + weight, 0);
    this.#shares = allocation.weights.map((weight) => weight / all);
    this.#chosen = Array.from({ length: targets }, () => []);
    this.#unsupported = new Array<number>(targets).fill(0);
  }

  keepIf(why: WhyLeftOut | undefined): boolean {
    if (why !== undefined) this.#leftOut.set(why, (this.#leftOut.get(why) ?? 0) + 1);
    return why === undefined;
  }

  add(row: DecidedOutcome, reward: number, again: DecidedAgain | LeftOut): void {
    if (typeof again === 'string') return void this.keepIf(again);
    const drawn = [...again.arms.filter((_, arm) => arm !== row.arm), ...again.targets];
    // What else a strategy that draws might have drawn is not known.
    if (drawn.some(({ probability }) => probability !== 1)) return void this.keepIf('unknown_probability');
    const chance = again.arms.reduce((sum, { content }, arm) => {
      if (content !== again.delivered) return sum;
      return sum + (this.#shares[arm] ?? 0) * (arm === row.arm ? row.probability : 1);
    }, 0);
    this.#rewards.push(reward);
    this.#probabilities.push(Math.min(1, chance));
    again.targets.forEach(({ content }, t) => {
      this.#chosen[t]?.push(content === again.delivered ? 1 : 0);
      const possible = again.arms.some((one, arm) => one.content === content && (this.#shares[arm] ?? 0) > 0);
      if (!possible) this.#unsupported[t] = (this.#unsupported[t] ?? 0) + 1;
    });
  }

  log(sampled: boolean): ReadLog {
    return {
      log: {
        rewards: Float64Array.from(this.#rewards),
        probabilities: Float64Array.from(this.#probabilities),
      },
      views: this.#chosen.map((chosen, t) => ({
        chosen: Float64Array.from(chosen),
        unsupported: this.#unsupported[t] ?? 0,
      })),
      leftOut: [...this.#leftOut].map(([reason, decisions]) => ({ reason, decisions })),
      sampled,
    };
  }
}

function unfitLog({ log, leftOut }: ReadLog) {
  const of = (reason: WhyLeftOut): number => leftOut.find((one) => one.reason === reason)?.decisions ?? 0;
  const unknown = of('not_reproduced') + of('not_asked') + of('unknown_probability');
  if (unknown <= mostNotReproduced * (log.rewards.length + unknown)) return undefined;
  return refused(
    'no_support',
    `Of ${unknown} decisions it is not known with what probability they were made: strategies that draw by chance, or that were not asked, or that decide otherwise now.`,
  );
}

function meaningOf(experiment: StoredExperiment, metric: Metric, targets: readonly Target[]): string[] {
  const learned = targets.filter(
    ({ learnedUntil }) =>
      learnedUntil !== undefined && learnedUntil > (experiment.startedAt ?? experiment.createdAt),
  );
  return [
    `The mean of "${metric.key}" for each recipient, had the strategy decided for everybody in "${experiment.key}": from decisions in which it would have delivered what was delivered.`,
    'It is no verdict: nobody was assigned to it, and what it would do to later behaviour is not in it. An experiment tells.',
    ...learned.map(
      ({ shown }) =>
        `${shown.model ?? shown.of} learned from the time of this experiment, so that it may know these very outcomes: its value flatters.`,
    ),
  ];
}
