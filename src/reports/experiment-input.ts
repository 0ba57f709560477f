import { armsOf } from '../experiments/arms.js';
import { describeMetric, directionOf } from '../experiments/describe-metric.js';
import type { Arm, Experiment, StoredExperiment } from '../experiments/experiment.js';
import { sampleSizeProportions } from '../statistics/power/sample-size.js';
import { emptySums, type OutcomeSums } from '../statistics/sums.js';
import { isRefusal } from '../statistics/result.js';
import { stationNames } from './funnel.js';
import type { CrossSums } from '../statistics/cross-sums.js';
import { measureInput } from './measure-input.js';
import type {
  CappedSums,
  CellSums,
  DeliveredCount,
  FallenBack,
  ReportArmInput,
  RenderedCount,
  ReportInput,
  StationCount,
  WithheldCount,
} from './report-input.js';

/** What one arm has come to in one metric: of everybody (`cohort` is empty), or of one cohort. */
export interface ArmSums {
  readonly metric: string;
  readonly arm: number;
  readonly cohort: string;
  readonly cohortValue: string;
  readonly sums: OutcomeSums;
  /** y, then d where the metric has a denominator, then x where it has a covariate. */
  readonly cross?: CrossSums;
  readonly capped?: CappedSums;
}

/** Recipients of an arm who got the fallback, by the reason. */
export interface ArmFallbacks {
  readonly arm: number;
  readonly reason: string | null;
  readonly recipients: number;
  /** Whether it is because a slot would have been blank. */
  readonly blank: boolean;
}

/** What the database knows of a live experiment. */
export interface Collected {
  readonly sums: readonly ArmSums[];
  readonly fallbacks: readonly ArmFallbacks[];
  /** Messages rendered otherwise than meant; arms by their place, as in the next. */
  readonly rendered?: readonly (Omit<RenderedCount, 'arm'> & { readonly arm: number })[];
  /** To whom their strategy chose to send nothing. */
  readonly withheld?: readonly (Omit<WithheldCount, 'arm'> & { readonly arm: number })[];
  /** What the models of the arms learned from. */
  readonly models?: ReportInput['models'];
  /** Exact sums of those who got the fallback. */
  readonly fallenBack?: readonly (Omit<FallenBack, 'arm'> & { readonly arm: number })[];
}

/** A live experiment as the input of a report. */
export function experimentInput(
  experiment: StoredExperiment,
  collected: Collected,
  at: { asOf: string; interim?: string },
): ReportInput {
  const arms = armsOf(experiment.factors);
  const keyOf = (arm: number): string => arms[arm]?.key ?? String(arm);
  return {
    title: experiment.title,
    hypothesis: experiment.hypothesis,
    level: 1 - experiment.plan.alpha,
    source: { kind: 'experiment', key: experiment.key },
    ...at,
    factors: experiment.factors,
    arms: arms.map((arm) => toReportArm(experiment, arm)),
    control: experiment.control,
    metrics: experiment.metrics.map((metric) => ({
      key: metric.key,
      title: metric.title,
      type: metric.type,
      role: metric.role,
      direction: directionOf(metric),
      definition: describeMetric(metric, experiment),
      ...measureInput(metric, experiment.currency),
    })),
    cohorts: experiment.cohorts.map((cohort) => cohort.trait),
    cells: cells(experiment, collected.sums, keyOf),
    plannedPerArm: plannedPerArm(experiment),
    stoppedEarly: stoppedEarly(experiment),
    delivered: delivered(experiment, collected),
    ...otherwise(collected, keyOf),
    stations: stations(arms, collected.sums),
    ...(collected.models && { models: collected.models }),
    ...(experiment.startedAt !== undefined && { started: experiment.startedAt }),
    ...(experiment.stoppedAt !== undefined && { ended: experiment.stoppedAt }),
  };
}

/** What did not go out as the arm decided, or not at all, where it was counted. */
function otherwise(
  { rendered, withheld = [], fallenBack }: Collected,
  keyOf: (arm: number) => string,
): Pick<ReportInput, 'rendered' | 'withheld' | 'fallenBack'> {
  const byKey = <Row extends { readonly arm: number }>(rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, arm: keyOf(row.arm) }));
  return {
    ...(rendered && { rendered: byKey(rendered) }),
    ...(withheld.length > 0 && { withheld: byKey(withheld) }),
    ...(fallenBack && { fallenBack: byKey(fallenBack) }),
  };
}

function toReportArm(experiment: Experiment, arm: Arm): ReportArmInput {
  return {
    key: arm.key,
    title: arm.levels.map((level) => level.title).join(' · '),
    levels: arm.levels.map((level) => level.key),
    weight: experiment.allocation.weights[arm.index] ?? 0,
  };
}

/** Arms without recipients have no cells; in a report they are arms with n = 0. */
function cells(experiment: Experiment, sums: readonly ArmSums[], keyOf: (arm: number) => string): CellSums[] {
  const known = new Set(
    sums.filter((cell) => cell.cohort === '').map((cell) => `${cell.metric} ${cell.arm}`),
  );
  const missing = armsOf(experiment.factors).flatMap((arm) =>
    experiment.metrics
      .filter((metric) => !known.has(`${metric.key} ${arm.index}`))
      .map((metric) => ({ metric: metric.key, arm: arm.key, sums: emptySums })),
  );
  const stored = sums
    .filter((cell) => !cell.metric.startsWith('@'))
    .map((cell) => ({
      metric: cell.metric,
      arm: keyOf(cell.arm),
      cohort: cell.cohort === '' ? undefined : { trait: cell.cohort, value: cell.cohortValue },
      sums: cell.sums,
      cross: cell.cross,
      capped: cell.capped,
    }));
  return [...stored, ...missing];
}

/** The stations of a message that are counted as metrics of their own, `@sent` and so on; undefined where none is. */
function stations(arms: readonly Arm[], sums: readonly ArmSums[]): StationCount[] | undefined {
  const counted = stationNames.map((station) => {
    const cells = sums.filter((cell) => cell.metric === `@${station}` && cell.cohort === '');
    const recipients = arms.map(({ index }) =>
      cells.filter((cell) => cell.arm === index).reduce((all, cell) => all + cell.sums.sum, 0n),
    );
    return { station, recipients, known: cells.length > 0 };
  });
  if (!counted.some(({ known }) => known)) return undefined;
  return counted.map(({ station, recipients }) => ({ station, recipients }));
}

function stoppedEarly({ plan, stoppedAt }: StoredExperiment): ReportInput['stoppedEarly'] {
  if (plan.end === undefined || stoppedAt === undefined) return undefined;
  if (Date.parse(stoppedAt) >= Date.parse(plan.end)) return undefined;
  return { planned: plan.end, stopped: stoppedAt };
}

/** What was really delivered: the fallbacks as counted, the strategy's own choice to everybody else. */
function delivered(experiment: Experiment, { sums, fallbacks }: Collected): DeliveredCount[] {
  const metric = experiment.metrics[0]?.key;
  return armsOf(experiment.factors).flatMap((arm) => {
    const all = sums.find((cell) => cell.metric === metric && cell.arm === arm.index && cell.cohort === '');
    const fellBack = fallbacks.filter((count) => count.arm === arm.index);
    const own = Number(all?.sums.n ?? 0n) - fellBack.reduce((sum, count) => sum + count.recipients, 0);
    return [
      ...(own > 0 ? [{ arm: arm.key, delivered: 'strategy' as const, recipients: own }] : []),
      ...fellBack.map(({ reason, recipients, blank }) => ({
        arm: arm.key,
        delivered: 'fallback' as const,
        reason: reason ?? undefined,
        recipients,
        blank,
      })),
    ];
  });
}

/** Recipients per arm that the plan asks for, where it says enough to tell. */
function plannedPerArm(experiment: Experiment): number | undefined {
  const { baseline, smallestUplift, alpha, power } = experiment.plan;
  const primary = experiment.metrics.find((metric) => metric.role === 'primary');
  if (primary?.type !== 'proportion' || primary.denominator) return undefined;
  if (baseline === undefined || smallestUplift === undefined) return undefined;
  const change = directionOf(primary) === 'increase' ? 1 + smallestUplift : 1 - smallestUplift;
  const size = sampleSizeProportions({ baseline, treatment: baseline * change, alpha, power });
  return isRefusal(size) ? undefined : Math.ceil(Math.max(size.control, size.treatment));
}
