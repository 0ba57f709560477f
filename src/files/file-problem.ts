import { badInput, type PostulateError } from '../errors.js';

/** A file that cannot be analysed, said in one sentence: what is wrong and how to mend it. */
export function fileProblem(code: string, message: string): PostulateError {
  return badInput(`file_${code}`, message);
}
