import { centredMeans } from '../means/centred-means.js';
import { leastSquares, predict } from '../numerics/least-squares.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import { impossibleSums, tooLarge, squaredDeviations, type OutcomeSums } from '../sums.js';
import { impossibleDesign, impossibleOrder, missingCell, modelDesign, type EffectColumn } from './design.js';

/** A linear model of cell means, fitted by least squares; means are less `centre`. */
export interface LinearModel {
  readonly terms: readonly (readonly number[])[];
  readonly columns: readonly EffectColumn[];
  readonly coefficients: readonly number[];
  /** Of the coefficients, in units of sigma². */
  readonly covariance: readonly (readonly number[])[];
  readonly centre: number;
  /** Residual standard deviation. */
  readonly sigma: number;
  readonly dfResidual: number;
  /** The part of the residual between the cells, and the part within them. */
  readonly between: Spread;
  readonly within: Spread;
}

interface Spread {
  readonly sumOfSquares: number;
  readonly df: number;
}

/** Refuses what `factorialLinear` refuses. */
export function fitLinear(
  levelCounts: readonly number[],
  cells: readonly OutcomeSums[],
  order: number,
): OrRefusal<LinearModel> {
  const impossible = unfit(levelCounts, cells, order);
  if (impossible) return impossible;
  const design = modelDesign(
    levelCounts,
    order,
    cells.map(({ n }) => n),
  );
  if (isRefusal(design)) return design;
  const { terms, columns, values } = design;
  const { centre, means } = centredMeans(cells);
  const roots = cells.map(({ n }) => Math.sqrt(Number(n)));
  const scaled = means.map((mean, i) => mean * (roots[i] ?? 0));
  const fit = leastSquares(values, roots, scaled);
  if (!fit) return missingCell;
  const between = betweenCells(cells, means, predict(values, fit.coefficients), columns.length);
  const within = withinCells(cells);
  const dfResidual = between.df + within.df;
  if (dfResidual < 1) return refuse('too_few', 'There are no more recipients than coefficients.');
  const sigma = Math.sqrt((between.sumOfSquares + within.sumOfSquares) / dfResidual);
  if (sigma === 0) return refuse('no_variation', 'The outcomes within the combinations do not vary.');
  const { coefficients } = fit;
  return {
    terms,
    columns,
    coefficients,
    covariance: fit.covariance(),
    centre: Number(centre),
    sigma,
    dfResidual,
    between,
    within,
  };
}

function unfit(
  levelCounts: readonly number[],
  cells: readonly OutcomeSums[],
  order: number,
): Refusal | undefined {
  const impossible = impossibleDesign(levelCounts, cells.length) ?? impossibleOrder(levelCounts, order);
  if (impossible) return impossible;
  for (const cell of cells) {
    const wrong = impossibleSums(cell);
    if (wrong) return wrong;
    const numbers = [cell.n, cell.sum, cell.sumSquares].map(Number);
    if (!numbers.every(Number.isFinite)) return tooLarge;
  }
  return undefined;
}

/** Σ n (mean - fitted)². */
function betweenCells(
  cells: readonly OutcomeSums[],
  means: readonly number[],
  fitted: readonly number[],
  coefficients: number,
): Spread {
  const df = cells.filter(({ n }) => n > 0n).length - coefficients;
  if (df === 0) return { sumOfSquares: 0, df };
  const distance = (i: number) => (means[i] ?? NaN) - (fitted[i] ?? NaN);
  return { sumOfSquares: cells.reduce((sum, { n }, i) => sum + Number(n) * distance(i) ** 2, 0), df };
}

/** Σ (nΣy² - (Σy)²) / n, each cell rounded once. */
function withinCells(cells: readonly OutcomeSums[]): Spread {
  const occupied = cells.filter(({ n }) => n > 0n);
  return {
    sumOfSquares: occupied.reduce((all, cell) => all + squaredDeviations(cell), 0),
    df: Number(occupied.reduce((all, { n }) => all + n - 1n, 0n)),
  };
}
