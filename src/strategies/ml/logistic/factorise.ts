/**
 * Cholesky's lower triangle of a symmetric matrix, row by row, for the rows in use (1).
 *
 * @param matrix its lower half.
 * @param tolerance a pivot below that share of its diagonal follows from the rows before.
 * @param leaveOut takes such rows out of use and goes on; without, undefined is the answer.
 */
export function factorise(
  matrix: Float64Array,
  size: number,
  inUse: Uint8Array,
  tolerance: number,
  leaveOut = false,
): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    if (inUse[i] === 0) continue;
    for (let j = 0; j <= i; j++) {
      if (inUse[j] === 0) continue;
      let rest = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) {
        rest -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      }
      if (j < i) {
        lower[i * size + j] = rest / (lower[j * size + j] as number);
      } else if (rest > tolerance * (matrix[i * size + i] as number)) {
        lower[i * size + i] = Math.sqrt(rest);
      } else if (leaveOut) {
        inUse[i] = 0;
        lower.fill(0, i * size, (i + 1) * size);
      } else {
        return undefined;
      }
    }
  }
  return lower;
}

/** x with L Lᵀ x = right, 0 where a row is not in use. */
export function solve(
  lower: Float64Array,
  size: number,
  inUse: Uint8Array,
  right: Float64Array,
): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (inUse[i] === 0) continue;
    let rest = right[i] as number;
    for (let k = 0; k < i; k++) rest -= (lower[i * size + k] as number) * (x[k] as number);
    x[i] = rest / (lower[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    if (inUse[i] === 0) continue;
    let rest = x[i] as number;
    for (let k = i + 1; k < size; k++) rest -= (lower[k * size + i] as number) * (x[k] as number);
    x[i] = rest / (lower[i * size + i] as number);
  }
  return x;
}
