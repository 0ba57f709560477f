/** A small generator of repeatable chance (mulberry32), for tests that count how often a method errs. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many of `n` did it at rate `p`; rare ones are found by the gaps between them. */
export function draw(random: () => number, n: number, p: number): number {
  let successes = 0;
  if (p > 0.2) {
    for (let i = 0; i < n; i += 1) successes += random() < p ? 1 : 0;
    return successes;
  }
  const gap = () => Math.floor(Math.log(1 - random()) / Math.log1p(-p));
  for (let i = gap(); i < n; i += 1 + gap()) successes += 1;
  return successes;
}

/** The share of runs in which it happened. */
export function share(runs: number, happens: () => boolean): number {
  let count = 0;
  for (let i = 0; i < runs; i += 1) count += happens() ? 1 : 0;
  return count / runs;
}
