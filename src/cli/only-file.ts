import { UsageError } from './command.js';

/** The one file of an evaluation. @throws UsageError */
export function onlyFile(evaluation: string, [path, ...more]: readonly string[]): string {
  if (path === undefined || more.length > 0)
    throw new UsageError(`Which file? Give one: postulate evaluate ${evaluation} FILE.`);
  return path;
}
