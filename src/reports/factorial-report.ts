import {
  factorialContrasts,
  higherOrderRows,
  type FactorialContrast,
} from '../statistics/factorial/factorial-contrasts.js';
import {
  isRefusal,
  type Estimate,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { nobodyThere } from './arm-analysis.js';
import { analyseArms } from './compare.js';
import { designGrid, type DesignGrid } from './design-grid.js';
import { chooseLead } from './factorial-lead.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import { judgeContrast, judgePair, type Judged } from './margin-words.js';
import type { FactorialEffect, FactorialMetric, FactorialReport, JointTest } from './report-factorial.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** A design of several factors: what each does on average, whether they act on each other, and where. */
export function factorialReport(input: ReportInput, table: CellTable, level: number): FactorialReport {
  const grid = designGrid(input);
  const contrasts = factorialContrasts(grid.factors.map((factor) => factor.levels.length));
  const metrics = input.metrics.map((metric) =>
    factorialMetric({ grid, contrasts, ...analysedCells(input, grid, metric, table, level), level }),
  );
  return { controlOutside: grid.controlOutside, metrics };
}

interface Scope extends Judged {
  readonly grid: DesignGrid;
  readonly contrasts: readonly FactorialContrast[];
}

/** The combinations in order, then a control that is none of them: it lends its covariates, and plays no other part. */
function analysedCells(
  input: ReportInput,
  grid: DesignGrid,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): Pick<Scope, 'metric' | 'sums' | 'analysis'> {
  const keys = [...grid.cells.map((cell) => cell.arm), ...(grid.controlOutside ? [input.control] : [])];
  const sums = keys.map((arm) => table.arm(metric.key, arm));
  return { metric, sums, analysis: analyseArms(metric, sums, level) };
}

function factorialMetric(scope: Scope): FactorialMetric {
  const { grid, metric, sums } = scope;
  const effects = (kind: FactorialContrast['kind']): FactorialEffect[] =>
    scope.contrasts.filter((one) => one.kind === kind).map((one) => effectOf(scope, one));
  const main = effects('main');
  const adjusted = adjustFamily(main.map((effect) => effect.test));
  const interactions = effects('interaction');
  const joint = jointTests(scope);
  const higherOrder = higherOrderTest(scope);
  return {
    metric: metric.key,
    ...chooseLead(interactions, joint, higherOrder),
    cells: grid.cells.map((cell, i) => ({
      arm: cell.arm,
      levels: cell.levels,
      n: Number(sums[i]?.n ?? 0n),
      value: toReportEstimate(scope.analysis.level(i), metric, 'level'),
    })),
    main: main.map((effect, i) => ({ ...effect, ...(adjusted[i] ? { adjusted: adjusted[i] } : {}) })),
    interactions,
    simple: effects('simple'),
    joint,
    ...(higherOrder ? { higherOrder } : {}),
  };
}

type Figures = Pick<FactorialEffect, 'difference' | 'test' | 'warnings'>;

function effectOf(scope: Scope, one: FactorialContrast): FactorialEffect {
  const coefficients = widened(scope, one.coefficients);
  return {
    ...namesOf(scope.grid, one),
    ...(one.kind === 'simple' ? pairFigures : contrastFigures)(scope, coefficients),
    ...marginFigures(scope, one.kind, coefficients),
    ...(one.kind === 'main' ? { n: sidesOf(scope.sums, coefficients) } : {}),
  };
}

/** A control outside of the design counts for nothing. */
function widened({ sums }: Scope, coefficients: readonly number[]): number[] {
  return sums.map((_, i) => coefficients[i] ?? 0);
}

function marginFigures(
  scope: Scope,
  kind: FactorialContrast['kind'],
  coefficients: readonly number[],
): Pick<FactorialEffect, 'margin'> {
  if (kind === 'interaction') return {};
  const judged =
    kind === 'simple'
      ? judgePair(scope, coefficients.indexOf(-1), coefficients.indexOf(1))
      : judgeContrast(scope, coefficients);
  return judged ? { margin: judged } : {};
}

/** A weighted sum of cells; rates with the variance that small and one-sided cells do not mislead. */
function contrastFigures({ metric, analysis }: Scope, coefficients: readonly number[]): Figures {
  const result = analysis.contrast(coefficients);
  return isRefusal(result)
    ? figuresOf(metric, result, result, [])
    : figuresOf(metric, result.estimate, result.test, result.test.warnings);
}

/** Two cells, compared exactly as two arms are, so that a report never says two things about one pair. */
function pairFigures({ metric, sums, analysis }: Scope, coefficients: readonly number[]): Figures {
  const [baseline, treated] = [coefficients.indexOf(-1), coefficients.indexOf(1)];
  if (!sums[baseline]?.n || !sums[treated]?.n) return figuresOf(metric, nobodyThere, nobodyThere, []);
  const { difference, test, warnings } = analysis.pair(baseline, treated);
  return figuresOf(metric, difference, test, warnings);
}

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
function jointTests(scope: Scope): JointTest[] {
  const { grid, contrasts, analysis } = scope;
  const groups = new Map<string, FactorialContrast[]>();
  for (const one of contrasts) {
    if (one.kind === 'simple') continue;
    const key = `${one.kind}:${one.factors.join(',')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length < 2 || first.kind === 'simple') return [];
    const test = toReportTest(analysis.joint(group.map((one) => widened(scope, one.coefficients))));
    return [{ kind: first.kind, factors: first.factors.map((f) => grid.factors[f]?.key ?? ''), test }];
  });
}

/** Whether effects of one and of two factors suffice; undefined with fewer than three factors. */
function higherOrderTest(scope: Scope): FactorialMetric['higherOrder'] {
  const { grid, analysis } = scope;
  const rows = higherOrderRows(grid.factors.map((factor) => factor.levels.length));
  if (rows.length === 0) return undefined;
  return toReportTest(analysis.joint(rows.map((row) => widened(scope, row))));
}
