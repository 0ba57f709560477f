import type { InputProblem } from '../../errors.js';

export interface FieldErrors {
  /** Sentence by field name. */
  readonly fields: Readonly<Record<string, string>>;
  /** What belongs to no field of the form. */
  readonly others: readonly InputProblem[];
}

/** Sorts what is wrong with an input to the fields of the form it came from. The first that matches a path has it. */
export function problemsByField(
  problems: readonly InputProblem[],
  fieldOfPath: readonly (readonly [pattern: RegExp, field: string])[],
): FieldErrors {
  const fields: Record<string, string> = {};
  const others: InputProblem[] = [];
  for (const problem of problems) {
    const field = fieldOfPath.find(([pattern]) => pattern.test(problem.path))?.[1];
    if (field === undefined) others.push(problem);
    else fields[field] = field in fields ? `${fields[field] ?? ''}; ${problem.message}` : problem.message;
  }
  return { fields, others };
}
