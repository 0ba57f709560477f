import type { RecordRows, RowAnswer } from './import-file.js';

/** Fewer rows are not worth a second transaction. */
const fewestRows = 1_000;

/**
 * Records the rows of a batch in several transactions at once, so that the server is at one while this process prepares the
 * other. Rows with one id go into one of them and keep their order: of two that differ, the first is the event.
 *
 * A batch of which a part has failed is given again by whoever imports; what was stored of it is a duplicate then.
 *
 * @throws what the first lane that failed threw, once all have come to an end.
 */
export function inLanes(record: RecordRows, lanes: number): RecordRows {
  return async (rows) => {
    if (lanes === 1 || rows.length < fewestRows) return record(rows);
    const parts = Array.from({ length: lanes }, (): { row: unknown; index: number }[] => []);
    rows.forEach((row, index) => parts[laneOf(row, lanes)]?.push({ row, index }));
    const ended = await Promise.allSettled(parts.map((part) => record(part.map(({ row }) => row))));
    const answers: RowAnswer[] = [];
    ended.forEach((end, lane) => {
      if (end.status === 'rejected') throw end.reason;
      for (const answer of end.value) {
        const index = parts[lane]?.[answer.index]?.index ?? answer.index;
        answers[index] = { ...answer, index };
      }
    });
    return answers;
  };
}

/** The same for equal ids; rows without one stand together. */
function laneOf(row: unknown, lanes: number): number {
  const id: unknown = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  if (typeof id !== 'string') return 0;
  let hash = 0;
  for (let i = 0; i < id.length; i += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0;
  // The lower bits of a product depend on the lower bits of the letters alone.
  return ((hash ^ (hash >>> 15)) >>> 0) % lanes;
}
