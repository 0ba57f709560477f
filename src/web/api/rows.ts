import { z } from 'zod';
import type { Line } from '../ndjson.js';

/** Why one row of a batch was not used. The other rows are not touched by it. */
export const rowErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  path: z.string().optional(),
});

interface Indexed {
  readonly index: number;
}

/**
 * Answers a batch of lines, in order: what could not be read is answered here, the rest by the flow. Flows count rows
 * from 0 in what they are given; `offset` turns that into the position in the whole stream.
 */
export async function answerLines<Answer extends object, Refused extends object>(
  lines: readonly Line[],
  offset: number,
  answerRows: (rows: readonly unknown[]) => Promise<readonly Answer[]>,
  refuse: (index: number, error: { code: string; message: string }) => Refused,
): Promise<(Answer | Refused)[]> {
  const positions: number[] = [];
  const rows: unknown[] = [];
  const answers: (Answer | Refused)[] = [];
  lines.forEach((line, i) => {
    if (line.ok) {
      positions.push(i);
      rows.push(line.value);
    } else {
      answers[i] = refuse(offset + i, { code: line.code, message: line.message });
    }
  });
  const answered = rows.length > 0 ? await answerRows(rows) : [];
  answered.forEach((answer, i) => {
    const position = positions[i] ?? i;
    answers[position] = hasIndex(answer) ? { ...answer, index: offset + position } : answer;
  });
  return answers;
}

function hasIndex(answer: object): answer is Indexed {
  return 'index' in answer;
}
