/** What a scenario found. */
export interface Outcome {
  /** What must not be, as sentences; none: it held. */
  readonly violations: readonly string[];
  /** What was measured or counted, to be printed. */
  readonly figures: Readonly<Record<string, string | number>>;
  /** Why it could not be run here. */
  readonly skipped?: string;
}

export type Say = (progress: string) => void;

export interface Scenario {
  readonly name: string;
  readonly run: (say: Say) => Promise<Outcome>;
}

export function skipped(why: string): Outcome {
  return { violations: [], figures: {}, skipped: why };
}

const mostTold = 20;

/** Collects violations; of many it keeps the first and counts the rest. */
export class Violations {
  readonly #told: string[] = [];
  #more = 0;

  add(sentence: string): void {
    if (this.#told.length < mostTold) this.#told.push(sentence);
    else this.#more += 1;
  }

  check(holds: boolean, otherwise: string): void {
    if (!holds) this.add(otherwise);
  }

  list(): string[] {
    return this.#more === 0 ? [...this.#told] : [...this.#told, `and ${this.#more} more`];
  }
}
