/** Coefficients of a linear model, and (XᵀWX)⁻¹. */
export interface LeastSquares {
  readonly coefficients: readonly number[];
  readonly covariance: readonly (readonly number[])[];
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
  const inverse = invertUpper(triangle);
  const coefficients = inverse.map((row) => row.reduce((sum, x, j) => sum + x * (projected[j] ?? 0), 0));
  const covariance = inverse.map((a) =>
    inverse.map((b) => a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0)),
  );
  return { coefficients, covariance };
}

/** Subtracts from `rest` its part along `q`, and returns how long that was. */
function takeOut(rest: Float64Array, q: Float64Array): number {
  const along = dot(rest, q);
  for (let i = 0; i < rest.length; i += 1) rest[i] = (rest[i] ?? 0) - along * (q[i] ?? 0);
  return along;
}

export function dot(a: Readonly<ArrayLike<number>>, b: Readonly<ArrayLike<number>>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Inverse of R, where `columns[j][i]` is its entry in row i <= j of column j; full rows, zero below the diagonal. */
function invertUpper(columns: readonly (readonly number[])[]): number[][] {
  const size = columns.length;
  const inverse = columns.map(() => new Array<number>(size).fill(0));
  for (let j = 0; j < size; j += 1) {
    for (let i = j; i >= 0; i -= 1) {
      let rest = i === j ? 1 : 0;
      for (let k = i + 1; k <= j; k += 1) rest -= (columns[k]?.[i] ?? 0) * (inverse[k]?.[j] ?? 0);
      const row = inverse[i];
      if (row) row[j] = rest / (columns[i]?.[i] ?? NaN);
    }
  }
  return inverse;
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
