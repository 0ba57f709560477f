/** Repeatable chance: the same seed gives the same numbers on every machine. */
export interface Chance {
  /** Uniform in (0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** xoshiro128** (Blackman & Vigna 2018), period 2^128 - 1, seeded by splitmix32. */
export function chance(seed: number): Chance {
  const state = new Uint32Array(4);
  let z = seed >>> 0;
  for (let i = 0; i < 4; i += 1) {
    z = (z + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    state[i] = mixed ^ (mixed >>> 15);
  }
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const next = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const c2 = c ^ a;
    const d2 = d ^ b;
    state[1] = b ^ c2;
    state[0] = a ^ d2;
    state[2] = c2 ^ (b << 9);
    state[3] = rotate(d2, 11);
    return result;
  };
  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6) + 0.5) / 9007199254740992;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // Box & Muller (1958)
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}

/** The probabilities of a count, from `first` on, with all but 1e-15 of the mass. */
export interface CountTable {
  readonly first: number;
  readonly probabilities: readonly number[];
}

/** The binomial distribution as a table around its mean. */
export function binomialTable(
  n: number,
  p: number,
  logPmf: (k: number, n: number, p: number) => number,
): CountTable {
  const reach = 9 * Math.sqrt(n * p * (1 - p)) + 40;
  const first = Math.max(0, Math.floor(n * p - reach));
  const last = Math.min(n, Math.ceil(n * p + reach));
  const probabilities = Array.from({ length: last - first + 1 }, (_, i) => Math.exp(logPmf(first + i, n, p)));
  let skip = 0;
  while ((probabilities[skip] ?? 1) < 1e-18) skip += 1;
  let end = probabilities.length;
  while ((probabilities[end - 1] ?? 1) < 1e-18) end -= 1;
  return { first: first + skip, probabilities: probabilities.slice(skip, end) };
}

/** Draws from a table by bisection of its cumulative sums. */
export function drawFrom(table: CountTable): (random: Chance) => number {
  const cumulative = new Float64Array(table.probabilities.length);
  let total = 0;
  for (const [i, p] of table.probabilities.entries()) cumulative[i] = total += p;
  return (random) => {
    const target = random.uniform() * total;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 1) < target) low = middle + 1;
      else high = middle;
    }
    return table.first + low;
  };
}
