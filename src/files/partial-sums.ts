import type { OutcomeSums } from '../statistics/sums.js';

/** The cube of a value up to this is at most 2^51, so that a sum kept below 2^52 stays a safe integer. */
const mostCubed = 2 ** 17;
const foldAbove = 2 ** 52;

/**
 * Exact sums of one outcome while rows stream by. Small values are summed in doubles, which are exact for safe
 * integers, and folded into big integers before they could cease to be; large values go to big integers at once.
 */
export class PartialSums {
  #nonZero = 0;
  #sum = 0;
  #squares = 0;
  #cubes = 0;
  #bigSum = 0n;
  #bigSquares = 0n;
  #bigCubes = 0n;

  /** Adds one outcome; zeros need no call. */
  add(y: number | bigint): void {
    if (y === 0 || y === 0n) return;
    this.#nonZero++;
    if (typeof y === 'bigint' || y > mostCubed || y < -mostCubed) {
      this.#addBig(BigInt(y));
      return;
    }
    const square = y * y;
    this.#sum += y;
    this.#squares += square;
    this.#cubes += square * y;
    if (this.#cubes > foldAbove || this.#cubes < -foldAbove || this.#squares > foldAbove) this.#fold();
  }

  #addBig(y: bigint): void {
    this.#bigSum += y;
    this.#bigSquares += y * y;
    this.#bigCubes += y * y * y;
  }

  #fold(): void {
    this.#bigSum += BigInt(this.#sum);
    this.#bigSquares += BigInt(this.#squares);
    this.#bigCubes += BigInt(this.#cubes);
    this.#sum = this.#squares = this.#cubes = 0;
  }

  /** As if every outcome so far had been multiplied by 10^digits. */
  rescale(digits: number): void {
    this.#fold();
    const factor = 10n ** BigInt(digits);
    this.#bigSum *= factor;
    this.#bigSquares *= factor ** 2n;
    this.#bigCubes *= factor ** 3n;
  }

  /** The sums over `n` recipients, those with zero included. */
  sums(n: number): OutcomeSums {
    this.#fold();
    return {
      n: BigInt(n),
      nonZero: BigInt(this.#nonZero),
      sum: this.#bigSum,
      sumSquares: this.#bigSquares,
      sumCubes: this.#bigCubes,
    };
  }
}
