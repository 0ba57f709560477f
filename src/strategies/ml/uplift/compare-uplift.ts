import type { Figure } from '../../../evaluation/figure.js';
import { seededRandom } from '../../../evaluation/random.js';
import { measureRankings, usualResampling } from '../../../evaluation/uplift/measure-rankings.js';
import type { ComparedUplift, UpliftCandidate } from '../../model-report.js';
import type { Json, NothingLearned, Tell } from '../../strategy.js';
import type { ModelChoice } from '../model-choice.js';
import { type Folds, rowsOfFold } from '../validation/folds.js';
import { baseEstimators } from './base-estimators.js';
import type { Base, RefusedUplift, TrialTable, UpliftLearner } from './learner.js';
import { upliftLearners } from './learners.js';
import { bestColumn, outcomesOf, singleColumns } from './single-columns.js';
import { dealTrial, standingsOf, trialOf } from './trial-folds.js';
import { upliftTop } from './uplift-report.js';

interface Candidate extends Base {
  readonly name: string;
  readonly learner: UpliftLearner;
  readonly settings: Json;
}

/** Scores of everybody, each by a model that did not learn from them, as standings in their fold. */
type OutOfFold = { readonly scores: Float64Array } | RefusedUplift;

/**
 * Every learner of uplift with every estimator, the chosen one with its settings, beside the single column that ranks best among the
 * rows that a fold's models learn from; all on the same folds of recipients, measured over all of them at once.
 */
export function compareUplift(
  trial: TrialTable,
  choice: ModelChoice,
  { seed, folds: count }: { readonly seed: string; readonly folds: number },
  tell: Tell = () => undefined,
): Pick<ComparedUplift, 'folds' | 'foldsHash' | 'rows' | 'failed'> | NothingLearned {
  const folds = dealTrial(trial, `${seed} folds`, count);
  if ('refused' in folds) return folds;
  const candidates = candidatesOf(choice);
  const tried = candidates.map((candidate, i) => {
    const { name, estimator } = candidate;
    const share = (fold: number): number => 0.1 + (0.8 * (i + fold / count)) / candidates.length;
    const result = outOfFold(trial, folds, (part, fold) => {
      tell(`comparing ${name} by ${estimator.name}`, share(fold));
      const fitted = candidate.learner.fit(part, candidate, `${seed} fold ${fold}`);
      return 'refused' in fitted ? fitted : (table) => fitted.model.predict(table);
    });
    return { candidate, result };
  });
  tell('measuring', 0.9);
  const compared = tried.flatMap(({ candidate, result }) => ('scores' in result ? [{ candidate, scores: result.scores }] : [])); // prettier-ignore
  const rows = measured(trial, compared, columnOutOfFold(trial, folds), seed);
  if ('refused' in rows) return rows;
  const failed = tried.flatMap(({ candidate: { name, estimator }, result }) =>
    'refused' in result ? [{ name, estimator: estimator.name, reason: result.reason }] : [],
  );
  return { folds: count, foldsHash: folds.hash, rows, failed };
}

/** The chosen estimator with its settings, the others with their defaults. */
function candidatesOf({ estimator: chosen, settings }: ModelChoice): Candidate[] {
  return Object.values(upliftLearners).flatMap((learner) =>
    [...baseEstimators].flatMap(([name, estimator]) => {
      const parsed = estimator.parse(name === chosen ? settings : {});
      return parsed.ok ? [{ name: learner.name, learner, estimator, settings: parsed.value as Json }] : [];
    }),
  );
}

type Scoring = (table: TrialTable['table']) => Float64Array;

/** @param learn how a fold's rows are scored, from the rows that are not in it. */
function outOfFold(
  trial: TrialTable,
  folds: Folds,
  learn: (outside: TrialTable, fold: number) => Scoring | RefusedUplift,
): OutOfFold {
  const scores = new Float64Array(trial.table.rows);
  for (let fold = 0; fold < folds.count; fold++) {
    const { inside, outside } = rowsOfFold(folds, fold);
    const score = learn(trialOf(trial, outside), fold);
    if ('refused' in score) return { ...score, reason: `Without fold ${fold + 1}: ${score.reason}` };
    const standings = standingsOf(score(trialOf(trial, inside).table));
    inside.forEach((row, i) => (scores[row] = standings[i] as number));
  }
  return { scores };
}

interface ByColumn {
  readonly scores: Float64Array;
  /** Which columns were chosen, each once, that of most folds first. */
  readonly columns: readonly string[];
}

/** The single column is chosen anew in each fold: choosing it where it is measured would flatter it. */
function columnOutOfFold(trial: TrialTable, folds: Folds): ByColumn | undefined {
  const singles = singleColumns(trial.table);
  const [first] = singles;
  if (!first) return undefined;
  const chosen = new Map<string, number>();
  const result = outOfFold(trial, folds, (outside) => {
    const best = bestColumn(singles, outside) ?? first;
    chosen.set(best.name, (chosen.get(best.name) ?? 0) + 1);
    return best.scoresOf;
  });
  const columns = [...chosen].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return 'refused' in result ? undefined : { scores: result.scores, columns };
}

/** The best first; of equals the one that was named first. */
function measured(
  trial: TrialTable,
  compared: readonly { readonly candidate: Candidate; readonly scores: Float64Array }[],
  column: ByColumn | undefined,
  seed: string,
): UpliftCandidate[] | NothingLearned {
  const scores = [...compared.map((one) => one.scores), ...(column ? [column.scores] : [])];
  if (scores.length === 0) return nothingCompared;
  const result = measureRankings(scores, outcomesOf(trial), {
    ...{ share: upliftTop, resampling: usualResampling, random: seededRandom(`${seed}:bootstrap`) },
    pairs: column ? compared.map((_, i) => [i, compared.length] as const) : [],
  });
  if ('refused' in result) return result;
  const rows = result.rankings.map(({ qini, upliftAt }, i): UpliftCandidate => {
    const figures = { qini, upliftAt: upliftAt.overall };
    const candidate = compared[i]?.candidate;
    if (!candidate) return { name: 'best single column', ...figures, columns: column?.columns ?? [] };
    const { name, estimator, settings } = candidate;
    const difference = result.differences[i];
    return { name, estimator: estimator.name, settings, ...figures, ...(difference && { difference }) };
  });
  return rows.sort((a, b) => valueOf(b.qini) - valueOf(a.qini));
}

const valueOf = (figure: Figure): number => ('refused' in figure ? -Infinity : figure.value);

const nothingCompared: NothingLearned = {
  refused: true,
  code: 'nothing_to_compare',
  reason: 'No learner could learn, and there is no column to compare with. Name other features.',
};
