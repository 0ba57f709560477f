import type { NoScore, Score } from '../../profiles/history.js';
import type { Cell } from '../ml/table.js';

/** Schema of what a scorer is sent; its answer is held to the same. */
export const scorerSchemaId = 'postulate.scorer/1';

/** What is POSTed: rows of features, in their order, and no ids. Null: not known. */
export function scoreRequest(features: readonly string[], rows: readonly (readonly Cell[])[], clock: Date) {
  return {
    schema: scorerSchemaId,
    clock: clock.toISOString(),
    features,
    rows: rows.map((row) => row.map(wireCell)),
  };
}

const wireCell = (cell: Cell): Cell =>
  cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell;

/** What an answer must be held to. */
export interface Expected {
  /** `name@version`, for reasons. */
  readonly scorer: string;
  readonly rows: number;
  readonly probability: boolean;
  /** Undefined: whatever it says. */
  readonly model?: string;
}

/** The scores of an answer, one for each row, or why it is no answer at all. */
export function readScores(text: string, expected: Expected): readonly Score[] | NoScore {
  const { scorer, rows, model } = expected;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    const hint = /\b(NaN|Infinity)\b/.test(text)
      ? ': it says NaN or Infinity, which JSON has no word for; answer null instead'
      : '';
    return refusal('not_json', `${scorer} answered no JSON${hint}`);
  }
  const { model: told, scores } = (answer ?? {}) as { model?: unknown; scores?: unknown };
  if (!Array.isArray(scores)) return refusal('no_scores', `${scorer} answered without a list of scores`);
  if (model !== undefined && told !== model)
    return refusal('wrong_model', `${scorer} answered for another model than "${model}"`);
  if (scores.length !== rows)
    return refusal('wrong_length', `${scorer} answered ${scores.length} scores for ${rows} recipients`);
  return scores.map((score) => checkedScore(score, expected));
}

/** A number that may be used, or why it may not. */
export function checkedScore(
  score: unknown,
  { scorer, probability }: Pick<Expected, 'scorer' | 'probability'>,
): Score {
  if (typeof score !== 'number' || !Number.isFinite(score))
    return refusal('not_a_number', `${scorer} answered no number`);
  if (probability && (score < 0 || score > 1))
    return refusal('out_of_range', `${scorer} answered a probability outside 0 to 1`);
  return score;
}

export const refusal = (code: string, reason: string): NoScore => ({ refused: true, code, reason });

/** Told apart from a list of scores. */
export const isRefusal = (answer: readonly Score[] | NoScore): answer is NoScore => 'refused' in answer;
