import type { CandidateScore } from '../../model-report.js';
import { type Candidate, crossValidate } from './cross-validate.js';
import type { Folds, Refused } from './folds.js';
import type { LabelledRows } from './labelled-rows.js';
import { advantage, type Scoring } from './scoring.js';

/** Candidates side by side, on the same folds. */
export interface Comparison {
  readonly measure: string;
  readonly folds: number;
  readonly foldsHash: string;
  /** The best first. */
  readonly rows: readonly CandidateScore[];
  /** Those that could not be learned, by name. */
  readonly failed: readonly (Refused & { readonly name: string })[];
}

/** Cross-validates every candidate on the same folds. A candidate that cannot be learned is listed with its reason. */
export function compareEstimators(
  candidates: readonly Candidate[],
  rows: LabelledRows,
  folds: Folds,
  seed: string,
  scoring: Scoring,
  tell: (done: number, of: number) => void = () => undefined,
): Comparison {
  const scores: CandidateScore[] = [];
  const failed: Comparison['failed'][number][] = [];
  for (const [i, candidate] of candidates.entries()) {
    tell(i, candidates.length);
    const result = crossValidate(candidate, rows, folds, seed, scoring);
    const { name } = candidate.estimator;
    if ('refused' in result) failed.push({ name, ...result });
    else scores.push({ name, settings: candidate.settings, score: result.mean, spread: result.spread });
  }
  // Sorting is stable: of equals the one that was named first.
  scores.sort((a, b) => advantage(scoring, b.score, a.score));
  return { measure: scoring.name, folds: folds.count, foldsHash: folds.hash, rows: scores, failed };
}
