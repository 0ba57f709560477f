/**
 * Solves A x = b in place for a symmetric positive definite A by Cholesky's A = L Lᵀ (Golub and Van Loan, Matrix Computations,
 * algorithm 4.2.1), without allocating.
 *
 * @param a row by row, size × size; its lower triangle is overwritten by L, its upper one is not read.
 * @param b overwritten by x.
 * @returns false where A is not positive definite, and b is of no use then.
 */
export function solvePositive(a: Float64Array, b: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * size + column] as number;
      for (let k = 0; k < column; k++)
        sum -= (a[row * size + k] as number) * (a[column * size + k] as number);
      if (row === column) {
        if (!(sum > 0)) return false;
        a[row * size + row] = Math.sqrt(sum);
      } else {
        a[row * size + column] = sum / (a[column * size + column] as number);
      }
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = b[row] as number;
    for (let k = 0; k < row; k++) sum -= (a[row * size + k] as number) * (b[k] as number);
    b[row] = sum / (a[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row] as number;
    for (let k = row + 1; k < size; k++) sum -= (a[k * size + row] as number) * (b[k] as number);
    b[row] = sum / (a[row * size + row] as number);
  }
  return true;
}
