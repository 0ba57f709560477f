/**
 * Coefficients of the least squares fit of y on the terms, all of them centred, by Cholesky's decomposition of the normal
 * equations. A term that follows from those before it, to within 1e-9 of its own length, gets 0: predictions are the same
 * whichever of them is left out.
 */
export function solveNormal(
  terms: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
): number[] {
  const size = terms.length;
  const weighted = terms.map((term) => term.map((value, row) => value * (weights[row] as number)));
  const gram = weighted.map((a, i) => terms.slice(0, i + 1).map((b) => dot(a, b)));
  const lower: number[][] = [];
  const kept: boolean[] = [];
  for (let i = 0; i < size; i++) {
    const row: number[] = [];
    for (let j = 0; j < i; j++) {
      if (kept[j] !== true) row.push(0);
      else row.push(((gram[i]?.[j] as number) - partial(row, lower[j] ?? [], j)) / (lower[j]?.[j] as number));
    }
    const own = gram[i]?.[i] as number;
    const rest = own - partial(row, row, i);
    kept.push(rest > 1e-9 * own);
    row.push(kept[i] === true ? Math.sqrt(rest) : 0);
    lower.push(row);
  }
  return backSubstitute(lower, kept, weighted.map((term) => dot(term, y))); // prettier-ignore
}

/** b with L Lᵀ b = r, where rows that were not kept have b = 0. */
function backSubstitute(
  lower: readonly (readonly number[])[],
  kept: readonly boolean[],
  right: readonly number[],
): number[] {
  const half: number[] = [];
  for (let i = 0; i < right.length; i++) {
    const rest = (right[i] as number) - partial(lower[i] ?? [], half, i);
    half.push(kept[i] === true ? rest / (lower[i]?.[i] as number) : 0);
  }
  const found = new Array<number>(right.length).fill(0);
  for (let i = right.length - 1; i >= 0; i--) {
    if (kept[i] !== true) continue;
    let rest = half[i] as number;
    for (let k = i + 1; k < right.length; k++) rest -= (lower[k]?.[i] as number) * (found[k] as number);
    found[i] = rest / (lower[i]?.[i] as number);
  }
  return found;
}

function partial(a: readonly number[], b: readonly number[], length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
