/** Numbers that look drawn by chance and are the same for the same seed, on every machine. */
export interface Random {
  /** In [0, 1), with 32 bits. */
  next(): number;
  /** A whole number in [0, below), each as likely; `below` up to 2^32. */
  below(below: number): number;
  /** Of the standard normal distribution. */
  normal(): number;
}

/**
 * xoshiro128** (Blackman and Vigna, ACM TOMS 47(4), 2021), its state filled from a hash of the seed.
 *
 * @param seed any text; one that differs in a letter gives numbers that have nothing to do with each other.
 */
export function seededRandom(seed: string): Random {
  const state = stateOf(seed);
  let [a, b, c, d] = state;
  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  const next = (): number => bits() / 2 ** 32;
  let spare: number | undefined;
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    normal() {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      // Box and Muller; 1 - u is never zero.
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** 0, 1, …, size - 1 in an order drawn by chance (Fisher and Yates). */
export function shuffled(size: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Four words by the mixing of cyrb128 over UTF-16 units; never all zero. */
function stateOf(seed: string): [number, number, number, number] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < seed.length; i++) {
    const unit = seed.charCodeAt(i);
    a = b ^ Math.imul(a ^ unit, 597399067);
    b = c ^ Math.imul(b ^ unit, 2869860233);
    c = d ^ Math.imul(c ^ unit, 951274213);
    d = a ^ Math.imul(d ^ unit, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [a ^ b ^ c ^ d || 1, b ^ a, c ^ a, d ^ a];
}
