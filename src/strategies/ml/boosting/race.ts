/** How a contender did in one round, by row of those that all are measured on. */
export interface Heat {
  readonly losses: Float64Array;
  /** Counted so often; undefined: all alike. */
  readonly weights: Float64Array | undefined;
}

export interface Race<H extends Heat> {
  readonly contenders: number;
  readonly rounds: number;
  /**
   * Runs a contender. It may give up where it cannot get below the mean loss that another one has had in this round, and is out
   * then. The same rows for all contenders of a round.
   */
  readonly run: (contender: number, round: number, toBeat: number | undefined) => H | undefined;
}

export interface Winner<H extends Heat> {
  readonly contender: number;
  readonly heats: readonly H[];
}

/**
 * By how many standard errors of the paired difference whoever is behind is out, after each round but the last. After the first, much
 * may still turn; after the second, little is left to be won by a third.
 */
const clearly = [1.5, 0.5];

interface Entry<H> {
  readonly contender: number;
  readonly heats: H[];
}

/**
 * The contender with the lowest mean loss, of those that were never clearly behind; it ends when one is left. Those in front begin a
 * round, so that others know what they are up against; the first round begins with the last contender.
 */
export function winnerOf<H extends Heat>({ contenders, rounds, run }: Race<H>): Winner<H> {
  let left = Array.from({ length: contenders }, (_, i): Entry<H> => ({ contender: contenders - 1 - i, heats: [] })); // prettier-ignore
  for (let round = 0; round < rounds; round++) {
    left = oneRound(left, (contender, toBeat) => run(contender, round, toBeat));
    left.sort((a, b) => meanOf(a) - meanOf(b));
    const [first] = left as [Entry<H>];
    const limit = round < rounds - 1 ? clearly[round] : undefined;
    if (limit !== undefined) left = left.filter((one) => one === first || !isBehind(one, first, limit));
    if (left.length === 1) break;
  }
  return left[0] as Winner<H>;
}

function oneRound<H extends Heat>(
  entries: readonly Entry<H>[],
  run: (contender: number, toBeat: number | undefined) => H | undefined,
): Entry<H>[] {
  let toBeat: number | undefined;
  return entries.flatMap(({ contender, heats }) => {
    const heat = run(contender, toBeat);
    if (!heat) return [];
    toBeat = Math.min(toBeat ?? Infinity, weightedMean(heat.losses, heat.weights));
    return [{ contender, heats: [...heats, heat] }];
  });
}

const meanOf = ({ heats }: { readonly heats: readonly Heat[] }): number =>
  heats.reduce((sum, { losses, weights }) => sum + weightedMean(losses, weights), 0) / heats.length;

/** Whether the mean over rounds of the paired differences is so many of its standard errors above 0. */
function isBehind(one: Entry<Heat>, first: Entry<Heat>, limit: number): boolean {
  let [sum, variance] = [0, 0];
  for (const [round, { losses, weights }] of one.heats.entries()) {
    const others = (first.heats[round] as Heat).losses;
    const differences = losses.map((loss, i) => loss - (others[i] as number));
    const mean = weightedMean(differences, weights);
    sum += mean;
    variance += varianceOfMean(differences, weights, mean);
  }
  return sum > limit * Math.sqrt(variance);
}

function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    sum += weight * (values[i] as number);
    total += weight;
  }
  return sum / total;
}

function varianceOfMean(values: Float64Array, weights: Float64Array | undefined, mean: number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    sum += (weight * ((values[i] as number) - mean)) ** 2;
    total += weight;
  }
  return sum / total ** 2;
}
