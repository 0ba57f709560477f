import type { Knex } from 'knex';
import { decidedOutcomes, type DecidedOutcome } from '../database/questions/decided-outcomes.js';
import { decodeHistory } from '../engagement/history.js';
import { windowEnd } from '../engagement/window-end.js';
import type { PolicyLog, PolicyView } from '../evaluation/off-policy/policy-log.js';
import type { Metric, StoredExperiment } from '../experiments/experiment.js';
import { crossFittedRewards } from '../strategies/ml/uplift/reward-model.js';
import { KnownFeatures } from './known-features.js';
import type { LoadedArm } from './load-arms.js';
import { type DecidedAgain, decideAgain, type LeftOut } from './policy-contents.js';

/** Why a decision is in no figure. */
export type WhyLeftOut = LeftOut | 'no_ledger' | 'earlier_allocation' | 'window_open' | 'unknown_probability';

/** Decisions of an experiment as a log of a policy, and what others would have done in their place. */
export interface GatheredDecisions {
  readonly log: PolicyLog;
  /** By target, in the order given; without predicted rewards where there are too many contents to learn them. */
  readonly views: readonly PolicyView[];
  readonly leftOut: readonly { readonly reason: WhyLeftOut; readonly decisions: number }[];
  /** There were more: these are as good as drawn by chance. */
  readonly sampled: boolean;
}

export interface GatheringFor {
  readonly experiment: StoredExperiment;
  readonly metric: Metric;
  readonly arms: readonly LoadedArm[];
  readonly targets: readonly LoadedArm[];
  /** Traits that rewards may be predicted from. */
  readonly traits: readonly string[];
}

const page = 500;
const mostDecisions = 20_000;
/** A model of the rewards is learned for each content: of more, each would be seen too rarely. */
const mostContents = 50;

/** Makes every decision of an experiment again, by its arms and by the targets, and adds what came of it. */
export async function gatherDecisions(
  db: Knex,
  asked: GatheringFor,
  now: number,
): Promise<GatheredDecisions> {
  const { experiment, metric, arms, targets } = asked;
  const gathered = new Gathered(asked);
  let [after, seen] = ['', 0];
  for (;;) {
    const rows = await decidedOutcomes(db, experiment.key, after, page);
    const last = rows.at(-1);
    if (!last) break;
    const fit = rows.filter((row) => gathered.keepIf(whyNot(experiment, metric, row, now)));
    const again = await decideAgain(db, fit, arms, targets);
    fit.forEach((row, i) =>
      gathered.add(row, rewardOf(experiment, metric, row), again[i] ?? 'not_reproduced'),
    );
    [after, seen] = [last.recipientKey, seen + rows.length];
    if (seen >= mostDecisions) break;
  }
  return gathered.finish(seen >= mostDecisions);
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
  readonly #delivered: string[] = [];
  readonly #features: KnownFeatures;
  /** By target what it would have delivered, decision by decision. */
  readonly #wanted: string[][];
  readonly #unsupported: number[];
  readonly #leftOut = new Map<WhyLeftOut, number>();

  constructor({ experiment, arms, targets, traits }: GatheringFor) {
    const { weights } = experiment.allocation;
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    this.#shares = weights.map((weight) => weight / all);
    this.#wanted = targets.map(() => []);
    this.#unsupported = new Array<number>(targets.length).fill(0);
    this.#features = new KnownFeatures([...arms, ...targets], traits);
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
    this.#delivered.push(again.delivered);
    this.#features.add(again.known, again.at);
    again.targets.forEach(({ content }, t) => {
      this.#wanted[t]?.push(content ?? '');
      const possible = again.arms.some((one, arm) => one.content === content && (this.#shares[arm] ?? 0) > 0);
      if (!possible) this.#unsupported[t] = (this.#unsupported[t] ?? 0) + 1;
    });
  }

  finish(sampled: boolean): GatheredDecisions {
    const rewards = Float64Array.from(this.#rewards);
    const predicted = this.#predictedFrom(rewards);
    return {
      log: { rewards, probabilities: Float64Array.from(this.#probabilities) },
      views: this.#wanted.map((wanted, t) => ({
        chosen: Float64Array.from(wanted, (content, i) => (content === this.#delivered[i] ? 1 : 0)),
        unsupported: this.#unsupported[t] ?? 0,
        ...(predicted && {
          predicted: {
            logged: Float64Array.from(this.#delivered, predicted),
            policy: Float64Array.from(wanted, predicted),
          },
        }),
      })),
      leftOut: [...this.#leftOut].map(([reason, decisions]) => ({ reason, decisions })),
      sampled,
    };
  }

  #predictedFrom(rewards: Float64Array): ((content: string, row: number) => number) | undefined {
    if (new Set(this.#delivered).size > mostContents) return undefined;
    const found = crossFittedRewards(this.#features.table(), this.#delivered, rewards, 'off-policy');
    return (content, row) => found.get(content)?.[row] ?? 0;
  }
}
