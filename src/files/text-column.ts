/** One column of a file: every different text once, and by row which it is. */
export interface TextColumn {
  readonly name: string;
  /** By row, a place in `texts`. */
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** Collects the values of one column, each different text kept once. */
export class TextColumnBuilder {
  readonly #name: string;
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];
  #codes = new Int32Array(1_024);
  #rows = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(text: string): void {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#texts.push(text) - 1;
      this.#places.set(text, place);
    }
    if (this.#rows === this.#codes.length) {
      const longer = new Int32Array(2 * this.#rows);
      longer.set(this.#codes);
      this.#codes = longer;
    }
    this.#codes[this.#rows++] = place;
  }

  result(): TextColumn {
    return { name: this.#name, codes: this.#codes.slice(0, this.#rows), texts: this.#texts };
  }
}
