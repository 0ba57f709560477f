/** Ids as whole numbers from 0, in the order of their first appearance until they are put in order. */
export class IdCodes {
  readonly #codes = new Map<string, number>();

  codeOf(id: string): number {
    const known = this.#codes.get(id);
    if (known !== undefined) return known;
    const code = this.#codes.size;
    this.#codes.set(id, code);
    return code;
  }

  has(id: string): boolean {
    return this.#codes.has(id);
  }

  get size(): number {
    return this.#codes.size;
  }

  /** Whole numbers as numbers where all ids are such, else texts by UTF-16 unit; and where each code now stands. */
  inOrder(): { readonly ids: readonly string[]; readonly order: IdOrder; readonly placeOf: Int32Array } {
    const ids = [...this.#codes.keys()];
    const order: IdOrder = ids.every((id) => wholeNumber.test(id)) ? 'numbers' : 'texts';
    const sorted = order === 'numbers' ? [...ids].sort((a, b) => Number(a) - Number(b)) : [...ids].sort();
    const placeOf = new Int32Array(ids.length);
    sorted.forEach((id, place) => (placeOf[this.codeOf(id)] = place));
    return { ids: sorted, order, placeOf };
  }
}

export type IdOrder = 'numbers' | 'texts';

/** Written in one way only, so that different texts are different numbers: neither 007 nor +7. */
const wholeNumber = /^(0|-?[1-9]\d{0,14})$/;
