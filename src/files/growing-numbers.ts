/** Numbers of which nobody knows how many will come, eight bytes each. */
export class GrowingNumbers {
  #numbers = new Float64Array(1_024);
  #size = 0;

  push(value: number): void {
    if (this.#size === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#size);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#size++] = value;
  }

  get size(): number {
    return this.#size;
  }

  /** A view, valid until the next `push`. */
  view(): Float64Array {
    return this.#numbers.subarray(0, this.#size);
  }
}
