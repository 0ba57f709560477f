import { combinations } from '../experiments/arms.js';
import { currencyExponent } from '../experiments/money.js';
import type { Direction, MetricRole } from '../experiments/experiment.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { armWeights } from './arm-weights.js';
import { byNumberThenText } from './cell-table.js';
import { visibleName } from './format.js';
import type {
  CellSums,
  ReportArmInput,
  ReportFactor,
  ReportInput,
  ReportMetricInput,
} from './report-input.js';

/** A campaign as read from a file: exact sums, levels and cohorts in any order. */
export interface Campaign {
  readonly rows: number;
  readonly skippedRows: number;
  /** The values of every factor column. */
  readonly levels: readonly (readonly string[])[];
  /** One per metric. */
  readonly exponents: readonly number[];
  readonly cells: readonly {
    /** Number of the value in every factor column. */
    readonly levels: readonly number[];
    readonly cohort?: { readonly trait: string; readonly value: string };
    /** One per metric. */
    readonly sums: readonly OutcomeSums[];
  }[];
  /** Rows left out, by arm where that could be read. */
  readonly skipped: readonly { readonly levels: readonly string[]; readonly rows: number }[];
  /** Rows left out because a column could not be read. */
  readonly skippedBy: readonly { readonly column: string; readonly rows: number }[];
}

/** What the analyst said about it. */
export interface CampaignQuestion {
  readonly title: string;
  readonly fileName: string;
  readonly asOf: string;
  readonly level: number;
  /** One column of arms, or several of factors. */
  readonly factors: readonly string[];
  /** Level of each factor that is the control or baseline; undefined: the first in order. */
  readonly baselines: readonly (string | undefined)[];
  readonly metrics: readonly CampaignMetric[];
  readonly cohorts: readonly string[];
  readonly currency?: string;
  /** As given: `equal`, `A=1,B=2`, …; none when the split is not known. */
  readonly weights: readonly string[];
}

export interface CampaignMetric {
  readonly column: string;
  readonly type: 'proportion' | 'mean' | 'money';
  readonly role: MetricRole;
  readonly direction: Direction;
}

export type CampaignInput = { readonly input: ReportInput } | { readonly problem: string };

/** More arms than this cannot be read by anyone. */
const mostArms = 200;

/** A finished campaign as the input of a report. Arms and levels are sorted, the control first. */
export function campaignInput(campaign: Campaign, question: CampaignQuestion): CampaignInput {
  if (!(question.level >= 0.5 && question.level <= 0.9999)) return { problem: unusualLevel };
  const absent = absentBaseline(campaign, question);
  if (absent !== undefined) return { problem: absent };
  const factors = question.factors.map((key, f): ReportFactor => {
    const levels = sortedLevels(campaign.levels[f] ?? [], question.baselines[f]);
    return { key, title: key, levels: levels.map((level) => ({ key: level, title: visibleName(level) })) };
  });
  const count = factors.reduce((product, factor) => product * factor.levels.length, 1);
  if (count > mostArms) {
    return { problem: `The factors make ${count} combinations; more than ${mostArms} cannot be analysed.` };
  }
  const grid = gridOf(factors);
  const arms = question.weights.length > 0 ? grid : seenArms(grid, campaign, factors);
  const weighted = withWeights(arms, question.weights);
  if ('problem' in weighted) return weighted;
  const skipped = new Map(campaign.skipped.map((one) => [armKey(one.levels), one.rows]));
  const withSkipped = weighted.arms.map((arm) => ({ ...arm, skipped: skipped.get(arm.key) ?? 0 }));
  return { input: inputOf(campaign, question, factors, withSkipped) };
}

const unusualLevel = 'The confidence level is a number from 0.5 to 0.9999, such as 0.95.';

function inputOf(
  campaign: Campaign,
  question: CampaignQuestion,
  factors: readonly ReportFactor[],
  arms: readonly ReportArmInput[],
): ReportInput {
  const { title, fileName, asOf, level, cohorts } = question;
  const metrics = question.metrics.map((metric, m) =>
    metricInput(metric, campaign.exponents[m] ?? 0, question),
  );
  return {
    title,
    asOf,
    level,
    source: { kind: 'file', name: fileName, rows: campaign.rows, skippedRows: campaign.skippedRows },
    factors,
    arms,
    control: arms[0]?.key ?? '',
    metrics,
    cohorts,
    cells: cellsOf(campaign, metrics, factors),
    skippedBy: campaign.skippedBy,
  };
}

function absentBaseline({ levels }: Campaign, { factors, baselines }: CampaignQuestion): string | undefined {
  for (const [f, baseline] of baselines.entries()) {
    const found = levels[f] ?? [];
    if (baseline === undefined || found.includes(baseline)) continue;
    const list = [...found]
      .sort(byNumberThenText)
      .map((level) => JSON.stringify(level))
      .join(', ');
    return `Column ${JSON.stringify(factors[f])} has no value ${JSON.stringify(baseline)}; it has ${list}.`;
  }
  return undefined;
}

function sortedLevels(levels: readonly string[], baseline: string | undefined): string[] {
  const sorted = [...levels].sort(byNumberThenText);
  return baseline === undefined ? sorted : [baseline, ...sorted.filter((level) => level !== baseline)];
}

/** Every combination of levels, first factor slowest, whether anybody is in it or not. */
function gridOf(factors: readonly ReportFactor[]): ReportArmInput[] {
  const keys = factors.map((factor) => factor.levels.map((level) => level.key));
  return combinations(keys).map((levels) => ({
    key: armKey(levels),
    title: titleOf(levels, factors),
    levels,
  }));
}

/** Without weights nobody knows that an empty combination was planned: only the control may be empty. */
function seenArms(
  grid: readonly ReportArmInput[],
  campaign: Campaign,
  factors: readonly ReportFactor[],
): ReportArmInput[] {
  const seen = new Set(campaign.cells.map((cell) => armKey(levelNames(campaign, cell.levels, factors))));
  return grid.filter((arm, i) => i === 0 || seen.has(arm.key));
}

function levelNames(
  campaign: Campaign,
  levels: readonly number[],
  factors: readonly ReportFactor[],
): string[] {
  return factors.map((_, f) => campaign.levels[f]?.[levels[f] ?? 0] ?? '');
}

/** Levels are names by themselves, but a bare number needs the name of its column. */
function titleOf(levels: readonly string[], factors: readonly ReportFactor[]): string {
  return levels
    .map((level, f) =>
      /^[\d.+-]+$/.test(level) ? `${factors[f]?.title ?? ''} ${level}` : visibleName(level),
    )
    .join(' · ');
}

/** The level itself for one factor; several are joined by `/`, a slash in a name escaped so that keys differ. */
function armKey(levels: readonly string[]): string {
  if (levels.length === 1) return levels[0] ?? '';
  return levels.map((level) => level.replace(/[\\/]/g, '\\$&')).join('/');
}

function withWeights(
  arms: readonly ReportArmInput[],
  specs: readonly string[],
): { readonly arms: readonly ReportArmInput[] } | { readonly problem: string } {
  if (specs.length === 0) return { arms };
  const keys = arms.map((arm) => arm.key);
  const result = armWeights(specs, keys);
  if ('problem' in result) return result;
  const known = arms.map((arm) => ({ ...arm, weight: result.weights.get(arm.key) ?? 0 }));
  const unseen = [...result.weights].filter(([key]) => !keys.includes(key));
  const [first] = unseen;
  if (first && (arms[0]?.levels.length ?? 1) > 1) {
    return {
      problem: `Weights name the arm ${JSON.stringify(first[0])}; combinations are written as ${JSON.stringify(keys[0])}.`,
    };
  }
  return {
    arms: [
      ...known,
      ...unseen.map(([key, weight]) => ({ key, title: visibleName(key), levels: [key], weight })),
    ],
  };
}

function metricInput(
  metric: CampaignMetric,
  exponent: number,
  { currency }: CampaignQuestion,
): ReportMetricInput {
  const money = metric.type === 'money';
  return {
    key: metric.column,
    title: metric.column,
    type: metric.type,
    role: metric.role,
    direction: metric.direction,
    definition: definitionOf(metric, currency),
    exponent: money && currency !== undefined ? Math.max(exponent, currencyExponent(currency)) : exponent,
    ...(money && currency !== undefined ? { currency } : {}),
  };
}

function definitionOf({ column, type }: CampaignMetric, currency: string | undefined): string {
  if (type === 'proportion') return `Share of recipients with a yes in column “${column}”.`;
  if (type === 'mean') return `Mean of column “${column}” over all recipients.`;
  const unit = currency === undefined ? '' : `, in ${currency}`;
  return `Column “${column}” per recipient${unit}; recipients with nothing count as 0.`;
}

function cellsOf(
  campaign: Campaign,
  metrics: readonly ReportMetricInput[],
  factors: readonly ReportFactor[],
): CellSums[] {
  return campaign.cells.flatMap((cell) => {
    const arm = armKey(levelNames(campaign, cell.levels, factors));
    return metrics.map((metric, m): CellSums => {
      const sums = rescaled(cell.sums[m], metric.exponent - (campaign.exponents[m] ?? 0));
      return { metric: metric.key, arm, sums, ...(cell.cohort ? { cohort: cell.cohort } : {}) };
    });
  });
}

/** Sums as if every outcome had been multiplied by 10^digits. */
function rescaled(sums: OutcomeSums | undefined, digits: number): OutcomeSums {
  if (!sums) throw new TypeError('A cell has fewer sums than there are metrics.');
  if (digits === 0) return sums;
  const factor = 10n ** BigInt(digits);
  return {
    ...sums,
    sum: sums.sum * factor,
    sumSquares: sums.sumSquares * factor ** 2n,
    sumCubes: sums.sumCubes * factor ** 3n,
  };
}
