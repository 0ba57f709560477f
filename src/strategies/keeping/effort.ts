/**
 * How much may still be looked at, counted and not timed, so that the same definition is always told the same. A unit is about a
 * comparison or an event, a fraction of a microsecond.
 */
export class Effort {
  #left: number;

  constructor(units: number) {
    this.#left = units;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  spend(units: number): void {
    this.#left -= units;
  }
}
