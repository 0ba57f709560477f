import { UsageError } from './command.js';

/** The value of an option that has no default. @throws UsageError */
export function neededOption(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
  return value;
}
