import { solvePositive } from './cholesky.js';
import type { Sparse } from './matrix.js';

/**
 * One side of alternating least squares on implicit data (Hu, Koren and Volinsky, ICDM 2008): for given factors Y of the other
 * side, x = (YᵀY + Σ (c − 1) y yᵀ + λI)⁻¹ Σ c y over what somebody did, with confidence c = 1 + α r.
 */
export class AlsSolver {
  readonly #size: number;
  readonly #alpha: number;
  readonly #factors: Float64Array | Float32Array;
  /** YᵀY + λI. */
  readonly #base: Float64Array;
  readonly #a: Float64Array;

  /** @param factors of the other side, row by row. */
  constructor(factors: Float64Array | Float32Array, size: number, alpha: number, regularization: number) {
    this.#size = size;
    this.#alpha = alpha;
    this.#factors = factors;
    this.#base = gramOf(factors, size, regularization);
    this.#a = new Float64Array(size * size);
  }

  /**
   * Factors of one row into `x`, a vector of the size: of entries `from` to `to` of `places` and `values`.
   * Zeros where there are none of them or no solution.
   */
  solve(
    x: Float64Array,
    { places, values }: Pick<Sparse, 'places' | 'values'>,
    from: number,
    to: number,
  ): void {
    this.#a.set(this.#base);
    x.fill(0);
    for (let i = from; i < to; i++)
      this.#addEntry(x, places[i] as number, this.#alpha * (values[i] as number));
    if (from === to || !solvePositive(this.#a, x, this.#size)) x.fill(0);
  }

  /** (YᵀY + Σ (c − 1) y yᵀ + λI)⁻¹ y of one place: what explanations weigh with. */
  weigh(x: Float64Array, taste: Pick<Sparse, 'places' | 'values'>, place: number): void {
    const ignored = new Float64Array(this.#size);
    this.#a.set(this.#base);
    taste.places.forEach((other, t) =>
      this.#addEntry(ignored, other, this.#alpha * (taste.values[t] as number)),
    );
    x.set(this.#factors.subarray(place * this.#size, (place + 1) * this.#size));
    if (!solvePositive(this.#a, x, this.#size)) x.fill(0);
  }

  /** Adds (c − 1) y yᵀ to the lower triangle and c y to b; `extra` is c − 1. */
  #addEntry(b: Float64Array, place: number, extra: number): void {
    const [size, a, y] = [this.#size, this.#a, this.#factors];
    const at = place * size;
    for (let row = 0; row < size; row++) {
      const value = y[at + row] as number;
      b[row] = (b[row] as number) + (1 + extra) * value;
      const scaled = extra * value;
      for (let column = 0; column <= row; column++) {
        const cell = row * size + column;
        a[cell] = (a[cell] as number) + scaled * (y[at + column] as number);
      }
    }
  }
}

/** Lower triangle of YᵀY + λI. */
function gramOf(y: Float64Array | Float32Array, size: number, regularization: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let at = 0; at < y.length; at += size) {
    for (let row = 0; row < size; row++) {
      const value = y[at + row] as number;
      for (let column = 0; column <= row; column++) {
        const cell = row * size + column;
        gram[cell] = (gram[cell] as number) + value * (y[at + column] as number);
      }
    }
  }
  for (let i = 0; i < size; i++) gram[i * size + i] = (gram[i * size + i] as number) + regularization;
  return gram;
}
