import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import type { ColumnSpec } from '../table.js';
import type { Encoding } from './encoding.js';

const dummy = z.int().min(-2);
const code = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('number'),
    mean: z.number(),
    scale: z.number().min(0),
    missing: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('category'),
    dummies: z.array(dummy),
    missing: dummy,
    shares: z.array(z.number().min(0).max(1.000001)),
  }),
]);

/** The encoding of a stored model. @throws Error with a sentence where it does not fit the columns. */
export function readEncoding(json: unknown, columns: readonly ColumnSpec[]): Encoding {
  const read = readWith(z.array(code), json);
  if (!read.ok) {
    const [problem] = read.problems;
    throw new Error(`The encoding of the model is damaged: ${problem?.path} ${problem?.message}.`);
  }
  const fits =
    read.value.length === columns.length &&
    read.value.every((one, c) => {
      const column = columns[c];
      if (one.type === 'number' || column?.type !== 'category') return one.type === column?.type;
      const within = (place: number): boolean => place < one.shares.length;
      return one.dummies.length === column.categories.length && [...one.dummies, one.missing].every(within);
    });
  if (!fits) throw new Error('The encoding of the model does not fit its columns: it is damaged.');
  return read.value;
}
