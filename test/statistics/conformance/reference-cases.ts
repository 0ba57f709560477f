/** Reference inputs and outputs worked out elsewhere (R, 50-digit arithmetic), and where to find them. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const closeness = z.object({ rel: z.number().nonnegative(), abs: z.number().nonnegative() });

const referenceCase = z.object({
  id: z.string(),
  method: z.string(),
  input: z.record(z.string(), z.unknown()),
  expect: z.record(z.string(), z.unknown()),
  tolerance: closeness.extend({ fields: z.record(z.string(), closeness.partial()).optional() }),
});

export type Tolerance = z.infer<typeof referenceCase>['tolerance'];
export type ReferenceCase = z.infer<typeof referenceCase>;

const ORACLE = new URL('../../../../shared/oracle/', import.meta.url);

/** The reference file of that name, or undefined where it is not at hand. */
export function readReference(name: string): unknown {
  const file = new URL(name, ORACLE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
}

/** The cases of a parsed file; throws an error that names the first case out of shape. */
export function parseCases(json: unknown): ReferenceCase[] {
  if (!Array.isArray(json)) throw new Error('A reference file holds an array of cases.');
  return json.map((item: unknown, index) => {
    const parsed = referenceCase.safeParse(item);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`Case ${index}: ${issue?.path.join('.')}: ${issue?.message}`);
  });
}
