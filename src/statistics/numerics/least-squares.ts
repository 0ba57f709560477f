export interface LeastSquares {
  readonly coefficients: readonly number[];
  /** (XᵀWX)⁻¹, made when asked for. */
  readonly covariance: () => number[][];
}

/**
 * Weighted least squares by modified Gram-Schmidt, which squares no condition number: `roots` are square roots of the
 * weights, one per cell, and `scaled` is the response times them. Undefined when a column follows from the others,
 * to within the `least` share of its length. Björck (1996), Numerical Methods for Least Squares Problems, 2.4.
 */
export function leastSquares(
  columns: readonly (readonly number[])[],
  roots: readonly number[],
  scaled: readonly number[],
  least = 1e-14,
): LeastSquares | undefined {
  const basis: Float64Array[] = [];
  const triangle: number[][] = [];
  for (const column of columns) {
    const rest = Float64Array.from(column, (x, i) => x * (roots[i] ?? 0));
    const before = Math.sqrt(dot(rest, rest));
    const row = basis.map((q) => takeOut(rest, q));
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > least * before)) return undefined;
    triangle.push([...row, length]);
    basis.push(rest.map((x) => x / length));
  }
  const response = Float64Array.from(scaled);
  const projected = basis.map((q) => takeOut(response, q));
  return {
    coefficients: solveUpper(triangle, projected),
    covariance: () => {
      const inverse = invertUpper(triangle);
      return inverse.map((a) => inverse.map((b) => dot(a, b)));
    },
  };
}

/** Subtracts from `rest` its part along `q`, and returns how long that was. The inner loop of every fit. */
function takeOut(rest: Float64Array, q: Float64Array): number {
  const length = rest.length;
  let along = 0;
  for (let i = 0; i < length; i += 1) along += (rest[i] ?? 0) * (q[i] ?? 0);
  for (let i = 0; i < length; i += 1) rest[i] = (rest[i] ?? 0) - along * (q[i] ?? 0);
  return along;
}

export function dot(a: Readonly<ArrayLike<number>>, b: Readonly<ArrayLike<number>>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** x with R x = y, where `columns[j][i]` is the entry of R in row i <= j of column j. */
function solveUpper(columns: readonly (readonly number[])[], y: readonly number[]): number[] {
  const x = [...y];
  for (let j = x.length - 1; j >= 0; j -= 1) {
    const column = columns[j] ?? [];
    const value = (x[j] ?? 0) / (column[j] ?? NaN);
    x[j] = value;
    for (let i = 0; i < j; i += 1) x[i] = (x[i] ?? 0) - (column[i] ?? 0) * value;
  }
  return x;
}

/** Rows of R⁻¹. */
function invertUpper(columns: readonly (readonly number[])[]): number[][] {
  const unit = (j: number) => columns.map((_, i) => (i === j ? 1 : 0));
  const inverted = columns.map((_, j) => solveUpper(columns, unit(j)));
  return columns.map((_, i) => inverted.map((column) => column[i] ?? NaN));
}

/** vᵀ M v */
export function quadraticForm(matrix: readonly (readonly number[])[], v: readonly number[]): number {
  return matrix.reduce((sum, row, i) => sum + (v[i] ?? 0) * dot(row, v), 0);
}

/** What a model says about every cell. */
export function predict(columns: readonly (readonly number[])[], coefficients: readonly number[]): number[] {
  const first = columns[0] ?? [];
  return first.map((_, i) =>
    columns.reduce((sum, column, j) => sum + (column[i] ?? 0) * (coefficients[j] ?? 0), 0),
  );
}
