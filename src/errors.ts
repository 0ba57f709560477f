/**
 * The five things that can be wrong with a request. Edges throw them; `web/errors.ts` maps them once to
 * problem+json and `cli.ts` to a sentence. Anything else that is thrown is a bug.
 */
export type ErrorKind = 'bad_input' | 'unauthorised' | 'not_found' | 'conflict' | 'unavailable';

export interface InputProblem {
  /** Where, as in `factors[1].levels[0].key`. */
  readonly path: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export class PostulateError extends Error {
  readonly kind: ErrorKind;
  /** Stable and machine-readable: `experiment_not_found`. */
  readonly code: string;
  readonly problems: readonly InputProblem[];

  constructor(kind: ErrorKind, code: string, message: string, problems: readonly InputProblem[] = []) {
    super(message);
    this.name = 'PostulateError';
    this.kind = kind;
    this.code = code;
    this.problems = problems;
  }
}

export function badInput(
  code: string,
  message: string,
  problems: readonly InputProblem[] = [],
): PostulateError {
  return new PostulateError('bad_input', code, message, problems);
}

export function notFound(code: string, message: string): PostulateError {
  return new PostulateError('not_found', code, message);
}

export function conflict(code: string, message: string): PostulateError {
  return new PostulateError('conflict', code, message);
}

export function unauthorised(code: string, message: string): PostulateError {
  return new PostulateError('unauthorised', code, message);
}

export function unavailable(code: string, message: string): PostulateError {
  return new PostulateError('unavailable', code, message);
}
