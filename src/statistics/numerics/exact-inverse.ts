/** The inverse of a whole-number matrix, kept as whole numbers over their common denominator. */
export interface ExactInverse {
  /** Rows and columns that were kept; the others follow from those before them, or are zero. */
  readonly kept: readonly number[];
  /** Determinant of the kept rows and columns, > 0; 1 if none was kept. */
  readonly determinant: bigint;
  /** `determinant` times the inverse of the kept part, with zeros in the rows and columns that were left out. */
  readonly adjugate: readonly (readonly bigint[])[];
}

/**
 * Inverts a symmetric matrix of whole numbers without any rounding (fraction-free Gauss-Jordan elimination, Bareiss
 * 1968). Rows that depend on the ones before them are left out, which makes a generalized inverse. Answers undefined
 * if the matrix is no matrix of sums of products (not positive semi-definite).
 */
export function exactInverse(matrix: readonly (readonly bigint[])[]): ExactInverse | undefined {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))]);
  const kept: number[] = [];
  let previous = 1n;
  for (let k = 0; k < size; k += 1) {
    const pivotRow = work[k] ?? [];
    const pivot = pivotRow[k] ?? 0n;
    if (pivot < 0n) return undefined;
    if (pivot === 0n) {
      if (pivotRow.some((value, j) => j > k && j < size && value !== 0n)) return undefined;
      continue;
    }
    for (const [i, row] of work.entries()) {
      if (i === k) continue;
      const factor = row[k] ?? 0n;
      work[i] = row.map((value, j) => (pivot * value - factor * (pivotRow[j] ?? 0n)) / previous);
    }
    kept.push(k);
    previous = pivot;
  }
  const isKept = new Set(kept);
  const adjugate = work.map((row, i) =>
    matrix.map((_, j) => (isKept.has(i) && isKept.has(j) ? (row[size + j] ?? 0n) : 0n)),
  );
  return { kept, determinant: previous, adjugate };
}

/** Σ a b */
export function dot(a: readonly bigint[], b: readonly bigint[]): bigint {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0n), 0n);
}

/** M v */
export function times(matrix: readonly (readonly bigint[])[], v: readonly bigint[]): bigint[] {
  return matrix.map((row) => dot(row, v));
}
