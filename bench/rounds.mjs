const roundMs = 100;

/**
 * Runs every contender in turn, round after round, so that a slow moment of the machine falls on all of them, and
 * gives each one's calls per second by round.
 */
export function interleavedRates(contenders, ids, rounds) {
  const loops = contenders.map(({ armOf }) => loopOf(armOf, ids));
  // The warm-up lets the compiler finish; its last speed sets how many calls make one round.
  const counts = loops.map((run) => {
    let rate = 1_000;
    for (let i = 0; i < 8; i += 1) rate = rateOf(run, Math.max(1_000, rate * (roundMs / 1_000)));
    return Math.ceil(rate * (roundMs / 1_000));
  });
  const rates = loops.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, run] of loops.entries()) rates[i].push(rateOf(run, counts[i]));
  }
  return rates;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function rateOf(run, count) {
  const start = performance.now();
  run(count);
  return (count / (performance.now() - start)) * 1_000;
}

/**
 * A loop of its own for each contender. One loop for all would see many functions at one call, and the compiler
 * would optimise none of them as it does in a real program with one.
 */
function loopOf(armOf, ids) {
  const body = `return (count) => {
    let arms = 0;
    for (let i = 0, at = 0; i < count; i += 1) {
      arms += armOf(ids[at]);
      at += 1;
      if (at === ids.length) at = 0;
    }
    return arms;
  }`;
  return new Function('armOf', 'ids', body)(armOf, ids);
}
