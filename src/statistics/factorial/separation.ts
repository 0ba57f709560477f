import type { Count } from '../count.js';
import { dot, leastSquares } from '../numerics/least-squares.js';

/**
 * Whether some coefficient of a logit model would be infinite: a direction exists along which no cell's fit gets worse
 * and the fit of a cell that nobody, or everybody, did gets better for ever (Albert & Anderson 1984). `rows` are the
 * cells' rows of a design of full rank. By Stiemke's theorem the direction exists unless positive multiples of the
 * one-sided cells' rows, each turned towards its side, add up to zero across the span of the other cells: a least
 * squares problem with non-negative coefficients, decided exactly in finitely many steps rather than by watching a fit
 * diverge.
 */
export function isSeparated(rows: readonly (readonly number[])[], cells: readonly Count[]): boolean {
  const isOneSided = (i: number) => cells[i]?.successes === 0n || cells[i]?.successes === cells[i]?.n;
  const span: number[][] = [];
  rows.forEach((row, i) => {
    if (isOneSided(i)) return;
    const rest = unitOutside(span, row);
    if (rest) span.push(rest);
  });
  const turned = rows.flatMap((row, i) => {
    if (!isOneSided(i)) return [];
    const rest = unitOutside(span, row);
    return rest ? [cells[i]?.successes === 0n ? rest.map((x) => -x) : rest] : [];
  });
  const target = rows[0]?.map((_, j) => -turned.reduce((sum, row) => sum + (row[j] ?? 0), 0)) ?? [];
  const residual = nonNegativeResidual(turned, target);
  return Math.sqrt(dot(residual, residual)) > 1e-7;
}

/** The part of `row` outside the span of an orthonormal basis, with length 1; undefined if there is none. */
function unitOutside(basis: readonly number[][], row: readonly number[]): number[] | undefined {
  const size = Math.sqrt(dot(row, row));
  let rest = [...row];
  for (const q of [...basis, ...basis]) {
    const along = dot(rest, q);
    rest = rest.map((x, i) => x - along * (q[i] ?? 0));
  }
  const length = Math.sqrt(dot(rest, rest));
  return length > 1e-9 * size ? rest.map((x) => x / length) : undefined;
}

/**
 * target - Σ u v for the u >= 0 that make it shortest. Lawson & Hanson (1974), Solving Least Squares Problems, ch. 23.
 */
function nonNegativeResidual(vectors: readonly (readonly number[])[], target: readonly number[]): number[] {
  const u = vectors.map(() => 0);
  const active = new Set<number>();
  const residual = () =>
    target.map((t, j) => t - vectors.reduce((s, v, i) => s + (u[i] ?? 0) * (v[j] ?? 0), 0));
  // The method ends by itself; the bound only guards against a cycle of rounding errors.
  for (let round = 0; round < 4 * vectors.length; round += 1) {
    const rest = residual();
    const gains = vectors.map((v, i) => (active.has(i) ? 0 : dot(v, rest)));
    const best = gains.indexOf(Math.max(0, ...gains));
    if (!((gains[best] ?? 0) > 1e-9)) return rest;
    active.add(best);
    fitActive(vectors, target, u, active);
  }
  return residual();
}

/** Moves u to the unconstrained fit of the active vectors, dropping those whose coefficient reaches 0 on the way. */
function fitActive(
  vectors: readonly (readonly number[])[],
  target: readonly number[],
  u: number[],
  active: Set<number>,
): void {
  for (;;) {
    const chosen = [...active];
    const roots = target.map(() => 1);
    const fit = leastSquares(
      chosen.map((i) => vectors[i] ?? []),
      roots,
      target,
      1e-12,
    );
    const wanted = fit?.coefficients ?? chosen.map(() => 0);
    const blocked = chosen.filter((_, k) => (wanted[k] ?? 0) <= 0);
    const reach = (i: number) => (u[i] ?? 0) / ((u[i] ?? 0) - (wanted[chosen.indexOf(i)] ?? 0) || 1);
    const share = Math.min(1, ...blocked.map(reach));
    chosen.forEach((i, k) => {
      u[i] = (u[i] ?? 0) + share * ((wanted[k] ?? 0) - (u[i] ?? 0));
      if (blocked.includes(i) && (u[i] ?? 0) <= 1e-12) {
        u[i] = 0;
        active.delete(i);
      }
    });
    if (blocked.length === 0 || active.size === 0) return;
  }
}
