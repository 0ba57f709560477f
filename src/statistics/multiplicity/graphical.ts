import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import type { AdjustedPs } from './adjusted-p.js';

/** How alpha is split over the tests, and where the share of a rejected test goes. */
export interface AlphaGraph {
  /** Shares of alpha to begin with, one per test, at least 0, together at most 1. */
  readonly weights: readonly number[];
  /**
   * transfers[i][j]: the part of test i's share that test j inherits; each row together at most 1, zero from i to i.
   */
  readonly transfers: readonly (readonly number[])[];
}

/**
 * The graphical procedure of Bretz, Maurer, Brannath & Posch: a test is rejected when its p is at most its share of
 * alpha, and its share then passes on along the arrows. Holm, fixed sequences, fallback and gatekeeping are graphs. The
 * adjusted p-values (in the order given, from natural logarithms) are at or below alpha exactly for what the procedure
 * rejects at alpha; the chance of one false rejection or more stays below it. A test that was refused is given as p = 1
 * (logarithm 0), which keeps its share. Refuses `invalid_input`: no tests, a missing p-value, a graph that does not
 * fit. Bretz, Maurer, Brannath & Posch (2009), Statistics in Medicine 28, algorithm 2.
 */
export function graphical(logPs: readonly number[], graph: AlphaGraph): OrRefusal<AdjustedPs> {
  const unfit = unfitGraph(logPs, graph);
  if (unfit) return unfit;
  const weights = [...graph.weights];
  const transfers = graph.transfers.map((row) => [...row]);
  const logP = logPs.map(() => 0);
  const open = new Set(logPs.keys());
  let highest = -Infinity;
  while (open.size > 0) {
    const { next, logRatio } = cheapest(open, logPs, weights);
    highest = Math.max(highest, Math.min(0, logRatio));
    logP[next] = highest;
    open.delete(next);
    passOn(next, open, weights, transfers);
  }
  return { p: logP.map(Math.exp), logP };
}

/** The open test whose p is smallest for its share. */
function cheapest(open: ReadonlySet<number>, logPs: readonly number[], weights: readonly number[]) {
  let next = -1;
  let logRatio = Infinity;
  for (const i of open) {
    const weight = weights[i] ?? 0;
    const candidate = weight > 0 ? (logPs[i] ?? NaN) - Math.log(weight) : Infinity;
    if (next >= 0 && !(candidate < logRatio)) continue;
    [next, logRatio] = [i, candidate];
  }
  return { next, logRatio };
}

/** Hands the share of a rejected test on and draws the arrows that led through it anew. */
function passOn(from: number, open: ReadonlySet<number>, weights: number[], transfers: number[][]): void {
  const out = transfers[from] ?? [];
  for (const i of open) {
    const row = transfers[i];
    if (!row) continue;
    weights[i] = (weights[i] ?? 0) + (weights[from] ?? 0) * (out[i] ?? 0);
    const into = row[from] ?? 0;
    const loop = into * (out[i] ?? 0);
    for (const j of open) {
      row[j] = i === j || loop >= 1 ? 0 : ((row[j] ?? 0) + into * (out[j] ?? 0)) / (1 - loop);
    }
  }
}

/** Rounding that shares such as three thirds may add. */
const SLACK = 1 + 1e-12;

function unfitGraph(logPs: readonly number[], { weights, transfers }: AlphaGraph): Refusal | undefined {
  const size = logPs.length;
  if (size === 0 || !logPs.every((logP) => logP <= 0)) {
    return refuse('invalid_input', 'logPs: one or more p-values, none missing, as logarithms of at most 0.');
  }
  const shares = (row: readonly number[]) =>
    row.length === size && row.every((x) => x >= 0) && row.reduce((sum, x) => sum + x, 0) <= SLACK;
  if (!shares(weights)) {
    return refuse('invalid_input', 'weights: one share per test, none below 0, together at most 1.');
  }
  if (transfers.length !== size || !transfers.every((row, i) => shares(row) && row[i] === 0)) {
    return refuse(
      'invalid_input',
      'transfers: a row per test of shares that are together at most 1, 0 to itself.',
    );
  }
  return undefined;
}

export const graphicalMethod = {
  id: 'multiplicity.graphical',
  title: 'Graphical procedure for several tests',
  needs: ['p_values'],
  parameters: [
    {
      name: 'graph',
      meaning:
        '`weights`: shares of alpha to begin with; `transfers`: the part that each other test inherits',
    },
  ],
  reference: 'Bretz, Maurer, Brannath & Posch (2009)',
  compute: graphical,
} as const satisfies Method;
