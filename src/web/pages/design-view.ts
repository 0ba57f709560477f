import type { StrategyVersion } from '../../database/strategy-versions.js';
import { armsOf } from '../../experiments/arms.js';
import { describeMetric } from '../../experiments/describe-metric.js';
import { formatDuration } from '../../experiments/duration.js';
import type { Level, StoredExperiment } from '../../experiments/experiment.js';

export interface DesignView {
  readonly arms: readonly {
    readonly key: string;
    readonly title: string;
    readonly control: boolean;
    readonly weight: number;
    /** Share of the recipients, as a percentage. */
    readonly share: string;
    readonly contents: readonly ContentView[];
  }[];
  readonly metrics: readonly {
    readonly title: string;
    readonly key: string;
    readonly role: string;
    readonly text: string;
  }[];
  readonly facts: readonly { readonly term: string; readonly text: string }[];
}

/** What an arm delivers: fixed texts, or the strategy version that decides. */
export type ContentView =
  | { readonly kind: 'slot'; readonly slot: string; readonly text: string }
  | { readonly kind: 'strategy'; readonly name: string; readonly type: string; readonly hash: string };

/** The design of an experiment in the words of its page. */
export function designView(experiment: StoredExperiment, versions: readonly StrategyVersion[]): DesignView {
  const { weights } = experiment.allocation;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const byHash = new Map(versions.map((version) => [version.hash, version]));
  return {
    arms: armsOf(experiment.factors).map((arm) => ({
      key: arm.key,
      title: arm.levels.map((level) => level.title).join(' · '),
      control: arm.key === experiment.control,
      weight: weights[arm.index] ?? 0,
      share: `${Number((((weights[arm.index] ?? 0) / total) * 100).toFixed(2))} %`,
      contents: arm.levels.flatMap((level) => contentsOf(level, byHash)),
    })),
    metrics: experiment.metrics.map((metric) => ({
      key: metric.key,
      title: metric.title,
      role: metric.role,
      text: describeMetric(metric, experiment),
    })),
    facts: factsOf(experiment),
  };
}

function contentsOf(level: Level, byHash: ReadonlyMap<string, StrategyVersion>): ContentView[] {
  const slots = Object.entries(level.slots ?? {}).map(([slot, value]): ContentView => ({
    kind: 'slot',
    slot,
    text: typeof value === 'string' ? value : `content ${value.content}`,
  }));
  if (level.strategy === undefined) return slots;
  const version = byHash.get(level.strategy);
  const name = version ? `${version.name}@${version.version}` : 'strategy';
  return [{ kind: 'strategy', name, type: version?.kind ?? '', hash: level.strategy }, ...slots];
}

function factsOf(experiment: StoredExperiment): DesignView['facts'] {
  const { allocation, cohorts, plan } = experiment;
  const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
  return [
    { term: 'Takes part', text: `${percent(allocation.traffic)} of recipients` },
    ...(experiment.windowMs === undefined
      ? []
      : [{ term: 'Window', text: formatDuration(experiment.windowMs) }]),
    ...(cohorts.length === 0
      ? []
      : [{ term: 'Cohorts', text: cohorts.map((cohort) => cohort.trait).join(', ') }]),
    ...(plan.end === undefined ? [] : [{ term: 'Planned end', text: plan.end }]),
    ...(plan.baseline === undefined
      ? []
      : [{ term: 'Expected rate in control', text: percent(plan.baseline) }]),
    ...(plan.smallestUplift === undefined
      ? []
      : [{ term: 'Smallest change worth finding', text: `${percent(plan.smallestUplift)} of it` }]),
    { term: 'Error rates', text: `alpha ${plan.alpha}, power ${plan.power}` },
    { term: 'Salt of the draw', text: experiment.salt },
  ];
}
