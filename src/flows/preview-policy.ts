import { badInput } from '../errors.js';
import { carriersOf, cautionsAbout, isCarriedByFew } from '../evaluation/off-policy/carried.js';
import type { PolicyEstimator } from '../evaluation/off-policy/influence.js';
import type { PolicyView } from '../evaluation/off-policy/policy-log.js';
import {
  comparePolicies,
  type PolicyComparison,
  policyValue,
  type PolicyOptions,
  type PolicyValue,
  usualLeastEffective,
} from '../evaluation/off-policy/policy-value.js';
import { type OrRefusal, type Refusal, refuse } from '../evaluation/refusal.js';
import type { Metric, StoredExperiment } from '../experiments/experiment.js';
import type { Context } from './context.js';
import { loadArmsOf } from './decide-drawn.js';
import { findExperiment } from './find-experiment.js';
import { gatherDecisions, type GatheredDecisions, type WhyLeftOut } from './gather-decisions.js';
import { type Target, targetOf } from './policy-targets.js';
import { traitsOfVersion, traitsRead } from './traits-read.js';

// For commands, which say what is usual in their help, and pages, which say in words what a difference shows.
export { carriersOf, isCarriedByFew, usualLeastEffective };

export interface PolicyPreviewAsked {
  /** `name@version` or `sha256:…`. */
  readonly strategy: string;
  readonly against?: string;
  /** Key of a metric of the experiment. */
  readonly metric: string;
  /** Values by self-normalising and differences by inverse probabilities unless given. */
  readonly estimator?: PolicyEstimator;
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
    readonly difference: OrRefusal<PolicyComparison['difference']>;
    /** The same by each estimator. */
    readonly differences: ByEstimator<PolicyComparison['difference']>;
  };
  /** What it means, and what not. */
  readonly meaning: readonly string[];
}

export type ByEstimator<T> = Readonly<Record<PolicyEstimator, OrRefusal<T>>>;

export interface PreviewedStrategy {
  /** `name@version` */
  readonly of: string;
  /** `name/3`, where it decides by what it learned. */
  readonly model?: string;
  /** Of the metric for each recipient, in its whole numbers: minor units of money. */
  readonly value: OrRefusal<PolicyValue>;
  /** The same by each estimator. */
  readonly values: ByEstimator<PolicyValue>;
}

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
  const find = (path: 'strategy' | 'against', reference: string) =>
    targetOf(ctx.db, { experiment, arms, reference, path });
  const target = await find('strategy', asked.strategy);
  const other = asked.against === undefined ? undefined : await find('against', asked.against);
  const targets = [target, ...(other ? [other] : [])];
  const asking = { experiment, metric, arms, targets: targets.map(({ arm }) => arm) };
  const traits = await traitsLookedAt(ctx, experiment, targets);
  const read = await gatherDecisions(ctx.db, { ...asking, traits }, ctx.clock().getTime());
  const [view, otherView] = read.views;
  if (!view) throw new Error('a policy was asked for without a strategy');
  const figures = new Figures(read, asked);
  const values = figures.valuesOf(view);
  const others = other &&
    otherView && { ...figures.valuesOf(otherView), ...figures.differencesOf(view, otherView) };
  return {
    ...{ experiment: key, metric: metric.key },
    decisions: { used: read.log.rewards.length, leftOut: read.leftOut, sampled: read.sampled },
    strategy: { ...target.shown, ...values },
    ...(other && others && { against: { ...other.shown, ...others } }),
    meaning: [
      ...cautionsAbout(
        [
          [target.shown.of, values.value],
          ...(other && others ? [[other.shown.of, others.value] as const] : []),
        ],
        others?.difference,
      ),
      ...meaningOf(experiment, metric, targets),
    ],
  };
}

/** Figures of one log, by the estimator asked for and by each. */
class Figures {
  readonly #read: GatheredDecisions;
  readonly #asked: PolicyPreviewAsked;
  readonly #unfit: Refusal | undefined;

  constructor(read: GatheredDecisions, asked: PolicyPreviewAsked) {
    this.#read = read;
    this.#asked = asked;
    this.#unfit = unfitLog(read);
  }

  valuesOf(view: PolicyView): Pick<PreviewedStrategy, 'value' | 'values'> {
    const values = this.#byEach((options) => policyValue(this.#read.log, view, options), [view]);
    return { value: values[this.#asked.estimator ?? 'snips'], values };
  }

  differencesOf(view: PolicyView, other: PolicyView) {
    const differences = this.#byEach(
      (options) => {
        const compared = comparePolicies(this.#read.log, view, other, options);
        return 'refused' in compared ? compared : compared.difference;
      },
      [view, other],
    );
    return { difference: differences[this.#asked.estimator ?? 'ips'], differences };
  }

  #byEach<T>(figure: (options: PolicyOptions) => OrRefusal<T>, views: readonly PolicyView[]): ByEstimator<T> {
    const by = (estimator: PolicyEstimator): OrRefusal<T> => {
      if (this.#unfit) return this.#unfit;
      if (estimator === 'dr' && views.some(({ predicted }) => !predicted)) return tooManyContents;
      const leastEffective = this.#asked.leastEffective ?? usualLeastEffective;
      return figure({ estimator, leastEffective, level: 0.95 });
    };
    return { ips: by('ips'), snips: by('snips'), dr: by('dr') };
  }
}

const tooManyContents = refuse(
  'too_few',
  'So many different contents were delivered that what each brings cannot be learned: take ips or snips.',
);

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

/** Traits that the arms or the strategies decide by: what is likeliest to say something of the rewards. */
async function traitsLookedAt(
  { db }: Pick<Context, 'db'>,
  experiment: StoredExperiment,
  targets: readonly Target[],
): Promise<string[]> {
  const read = await traitsRead(db, experiment);
  const found = read.filter(({ when }) => when === 'enrolled').map(({ trait }) => trait);
  for (const { arm } of targets) {
    const version = arm.strategy?.version;
    if (version) found.push(...(await traitsOfVersion(db, version)));
  }
  return [...new Set(found)].sort();
}

function unfitLog({ log, leftOut }: GatheredDecisions): Refusal | undefined {
  const of = (reason: WhyLeftOut): number => leftOut.find((one) => one.reason === reason)?.decisions ?? 0;
  const unknown = of('not_reproduced') + of('not_asked') + of('unknown_probability');
  if (unknown <= mostNotReproduced * (log.rewards.length + unknown)) return undefined;
  return refuse(
    'no_support',
    `Of ${unknown} decisions it is not known with what probability they were made: strategies that draw by chance, or that were not asked, or that decide otherwise now.`,
  );
}

function meaningOf(experiment: StoredExperiment, metric: Metric, targets: readonly Target[]): string[] {
  const start = experiment.startedAt ?? experiment.createdAt;
  const learned = targets.filter(({ learnedUntil }) => learnedUntil !== undefined && learnedUntil > start);
  return [
    `The mean of "${metric.key}" for each recipient, had the strategy decided for everybody in "${experiment.key}": from decisions in which it would have delivered what was delivered.`,
    'It is no verdict: nobody was assigned to it, and what it would do to later behaviour is not in it. An experiment tells.',
    ...learned.map(
      ({ shown }) =>
        `${shown.model ?? shown.of} learned from the time of this experiment, so that it may know these very outcomes: its value flatters.`,
    ),
  ];
}
