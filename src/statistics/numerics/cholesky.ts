/** Lower triangle L with L Lᵀ = matrix; undefined when a row depends on the ones before it. */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const lower: number[][] = [];
  for (const [i, source] of matrix.entries()) {
    const row: number[] = [];
    for (const [j, above] of [...lower, row].entries()) {
      const known = row.reduce((sum, value, k) => sum + value * (above[k] ?? 0), 0);
      const rest = (source[j] ?? 0) - known;
      if (j < i) row.push(rest / (above[j] ?? NaN));
      else if (rest <= 1e-12 * (source[i] ?? 0)) return undefined;
      else row.push(Math.sqrt(rest));
    }
    lower.push(row);
  }
  return lower;
}

/** vᵀ (L Lᵀ)⁻¹ v */
export function squaredLength(root: readonly (readonly number[])[], v: readonly number[]): number {
  const solved: number[] = [];
  for (const [i, row] of root.entries()) {
    const known = solved.reduce((sum, value, k) => sum + value * (row[k] ?? 0), 0);
    solved.push(((v[i] ?? 0) - known) / (row[i] ?? NaN));
  }
  return solved.reduce((sum, value) => sum + value * value, 0);
}
