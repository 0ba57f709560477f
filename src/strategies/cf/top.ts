/**
 * The best places by score: the highest first, ties to the lower place, without those that have no score (NaN) and those
 * excluded. At most `most`, fewer where there are no more.
 *
 * @param excluded places that must not be among them, such as those of the taste; rising or not.
 */
export function topPlaces(
  scores: ArrayLike<number>,
  most: number,
  excluded: ArrayLike<number> = [],
): Int32Array {
  // Few scores get as far as being looked up, so nothing is made that is as long as the scores.
  const left = new Set(Array.from(excluded));
  const best = new Best(Math.min(most, scores.length));
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    // A comparison with NaN is false.
    if (score > best.least && !left.has(place)) best.add(place, score);
  }
  return best.places();
}

/** A heap with the worst of the best on top: places come in rising, so an equal score later is worse. */
class Best {
  /** What a score must be above to get in. */
  least: number;
  readonly #places: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(most: number) {
    this.#places = new Int32Array(most);
    this.#scores = new Float64Array(most);
    this.least = most > 0 ? -Infinity : Infinity;
  }

  add(place: number, score: number): void {
    const full = this.#size === this.#places.length;
    this.#set(full ? 0 : this.#size, place, score);
    if (full) this.#sink(0);
    else this.#rise(this.#size++);
    if (this.#size === this.#places.length) this.least = this.#scores[0] as number;
  }

  places(): Int32Array {
    const found = Array.from({ length: this.#size }, (_, i) => i);
    return Int32Array.from(
      found.sort((a, b) => (this.#isWorse(a, b) ? 1 : -1)),
      (i) => this.#places[i] as number,
    );
  }

  #set(at: number, place: number, score: number): void {
    this.#places[at] = place;
    this.#scores[at] = score;
  }

  #isWorse(a: number, b: number): boolean {
    const difference = (this.#scores[a] as number) - (this.#scores[b] as number);
    return difference < 0 || (difference === 0 && (this.#places[a] as number) > (this.#places[b] as number));
  }

  #swap(a: number, b: number): void {
    const [place, score] = [this.#places[a] as number, this.#scores[a] as number];
    this.#set(a, this.#places[b] as number, this.#scores[b] as number);
    this.#set(b, place, score);
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isWorse(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#size && this.#isWorse(child, worst)) worst = child;
      }
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }
}
