/** A seeded source of numbers in [0, 1). */
export type Chance = () => number;

export function chance(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from `least` to `most`. */
export function between(next: Chance, least: number, most: number): number {
  return least + Math.floor(next() * (most - least + 1));
}

export function oneOf<T>(next: Chance, values: readonly T[]): T {
  const value = values[Math.floor(next() * values.length)];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
}

/** The same values in another order. */
export function shuffled<T>(next: Chance, values: readonly T[]): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

/** Cut into pieces of 1 to `most`. */
export function pieces<T>(next: Chance, values: readonly T[], most: number): T[][] {
  const out: T[][] = [];
  for (let i = 0; i < values.length;) {
    const size = between(next, 1, most);
    out.push(values.slice(i, i + size));
    i += size;
  }
  return out;
}
