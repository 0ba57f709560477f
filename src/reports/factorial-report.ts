import { contrast, jointContrasts } from '../statistics/factorial/contrast.js';
import {
  factorialContrasts,
  higherOrderRows,
  type FactorialContrast,
} from '../statistics/factorial/factorial-contrasts.js';
import {
  isRefusal,
  refuse,
  type Estimate,
  type OrRefusal,
  type Refusal,
  type TestResult,
  type Warning,
} from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { compare, levelOf } from './compare.js';
import { designGrid, type DesignGrid } from './design-grid.js';
import { chooseLead } from './factorial-lead.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { FactorialEffect, FactorialMetric, FactorialReport, JointTest, ReportTest } from './report.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** A design of several factors: what each does on average, whether they act on each other, and where. */
export function factorialReport(input: ReportInput, table: CellTable, level: number): FactorialReport {
  const grid = designGrid(input);
  const contrasts = factorialContrasts(grid.factors.map((factor) => factor.levels.length));
  const metrics = input.metrics.map((metric) => factorialMetric({ grid, contrasts, metric, table, level }));
  return { controlOutside: grid.controlOutside, metrics };
}

interface Scope {
  readonly grid: DesignGrid;
  readonly contrasts: readonly FactorialContrast[];
  readonly metric: ReportMetricInput;
  readonly table: CellTable;
  readonly level: number;
}

function factorialMetric(scope: Scope): FactorialMetric {
  const { grid, metric, table, level } = scope;
  const cells = grid.cells.map((cell) => table.arm(metric.key, cell.arm));
  const effects = (kind: FactorialContrast['kind']): FactorialEffect[] =>
    scope.contrasts.filter((one) => one.kind === kind).map((one) => effectOf(scope, cells, one));
  const main = effects('main');
  const adjusted = adjustFamily(main.map((effect) => effect.test));
  const interactions = effects('interaction');
  const joint = jointTests(scope, cells);
  const higherOrder = higherOrderTest(scope, cells);
  return {
    metric: metric.key,
    ...chooseLead(interactions, joint, higherOrder),
    cells: grid.cells.map((cell, i) => ({
      arm: cell.arm,
      levels: cell.levels,
      n: Number(cells[i]?.n ?? 0n),
      value: toReportEstimate(levelOf(metric.type, table.arm(metric.key, cell.arm), level), metric, 'level'),
    })),
    main: main.map((effect, i) => ({ ...effect, ...(adjusted[i] ? { adjusted: adjusted[i] } : {}) })),
    interactions,
    simple: effects('simple'),
    joint,
    ...(higherOrder ? { higherOrder } : {}),
  };
}

function kindOf(metric: ReportMetricInput): 'proportion' | 'mean' {
  return metric.type === 'proportion' ? 'proportion' : 'mean';
}

type Figures = Pick<FactorialEffect, 'difference' | 'test' | 'warnings'>;

function effectOf(scope: Scope, cells: readonly OutcomeSums[], one: FactorialContrast): FactorialEffect {
  return {
    ...namesOf(scope.grid, one),
    ...(one.kind === 'simple' ? pairFigures : contrastFigures)(scope, cells, one.coefficients),
    ...(one.kind === 'main' ? { n: sidesOf(cells, one.coefficients) } : {}),
  };
}

/** A weighted sum of cells; rates with the variance that small and one-sided cells do not mislead. */
function contrastFigures(
  { metric, level }: Scope,
  cells: readonly OutcomeSums[],
  coefficients: readonly number[],
): Figures {
  const result = contrast(kindOf(metric), cells, coefficients, level, 'smoothed');
  return isRefusal(result)
    ? figuresOf(metric, result, result, [])
    : figuresOf(metric, result.estimate, result.test, result.test.warnings);
}

/** Two cells, compared exactly as two arms are, so that a report never says two things about one pair. */
function pairFigures(
  { metric, level }: Scope,
  cells: readonly OutcomeSums[],
  coefficients: readonly number[],
): Figures {
  const [baseline, treated] = [-1, 1].map((sign) => cells[coefficients.indexOf(sign)]);
  if (!baseline?.n || !treated?.n) return figuresOf(metric, nobodyThere, nobodyThere, []);
  const { difference, test, warnings } = compare(metric.type, baseline, treated, level);
  return figuresOf(metric, difference, test, warnings);
}

const nobodyThere = refuse('missing_cell', 'A combination that is compared has no recipients.');

function figuresOf(
  metric: ReportMetricInput,
  difference: OrRefusal<Estimate>,
  test: OrRefusal<TestResult>,
  warnings: readonly Warning[],
): Figures {
  return {
    difference: toReportEstimate(difference, metric, 'difference'),
    test: toReportTest(test),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Recipients on the baseline's side and on the level's side of a main effect. */
function sidesOf(cells: readonly OutcomeSums[], coefficients: readonly number[]) {
  const side = (sign: number): number =>
    cells.reduce((sum, cell, i) => sum + (Math.sign(coefficients[i] ?? 0) === sign ? Number(cell.n) : 0), 0);
  return { baseline: side(-1), level: side(1) };
}

type Names = Pick<FactorialEffect, 'factors' | 'levels' | 'baselines' | 'label' | 'at'>;

function namesOf({ factors }: DesignGrid, one: FactorialContrast): Names {
  const named = one.factors.map((f, i) => ({
    factor: factors[f],
    level: factors[f]?.levels[one.levels[i] ?? 0],
    baseline: factors[f]?.levels[0],
  }));
  const held = (one.at ?? []).flatMap((level, f) => {
    const factor = factors[f];
    return factor && !one.factors.includes(f) ? [{ factor, level: factor.levels[level] }] : [];
  });
  const names = (of: 'level' | 'baseline'): string =>
    named.map((entry) => entry[of]?.title ?? '').join(' × ');
  const what = `${named.map(({ factor }) => factor?.title ?? '').join(' × ')}: ${names('level')}`;
  const where = held.map(({ factor, level }) => `${factor.title} = ${level?.title ?? ''}`);
  return {
    factors: named.map(({ factor }) => factor?.key ?? ''),
    levels: named.map(({ level }) => level?.key ?? ''),
    baselines: named.map(({ baseline }) => baseline?.key ?? ''),
    label: labelOf(one.kind, what, names('baseline'), where),
    ...(held.length > 0
      ? { at: Object.fromEntries(held.map(({ factor, level }) => [factor.key, level?.key ?? ''])) }
      : {}),
  };
}

function labelOf(
  kind: FactorialContrast['kind'],
  what: string,
  baseline: string,
  where: readonly string[],
): string {
  if (kind === 'interaction') return what;
  return `${what} rather than ${baseline}${where.length > 0 ? `, where ${where.join(', ')}` : ''}`;
}

/** All contrasts of a factor, or of a pair of factors, tested at once where there are more than one. */
function jointTests({ grid, contrasts, metric }: Scope, cells: readonly OutcomeSums[]): JointTest[] {
  const groups = new Map<string, FactorialContrast[]>();
  for (const one of contrasts) {
    if (one.kind === 'simple') continue;
    const key = `${one.kind}:${one.factors.join(',')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length < 2 || first.kind === 'simple') return [];
    const rows = group.map((one) => one.coefficients);
    const test: ReportTest | Refusal = toReportTest(jointContrasts(kindOf(metric), cells, rows, 'smoothed'));
    return [{ kind: first.kind, factors: first.factors.map((f) => grid.factors[f]?.key ?? ''), test }];
  });
}

/** Whether effects of one and of two factors suffice; undefined with fewer than three factors. */
function higherOrderTest(
  { grid, metric }: Scope,
  cells: readonly OutcomeSums[],
): FactorialMetric['higherOrder'] {
  const rows = higherOrderRows(grid.factors.map((factor) => factor.levels.length));
  if (rows.length === 0) return undefined;
  return toReportTest(jointContrasts(kindOf(metric), cells, rows, 'smoothed'));
}
