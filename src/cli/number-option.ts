import { UsageError } from './command.js';

/** A number in a range, or the default. @throws UsageError */
export function numberOption(
  name: string,
  text: string | undefined,
  fallback: number,
  fits: (value: number) => boolean,
  must: string,
): number {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || !fits(value))
    throw new UsageError(`--${name} must be ${must}; it was "${text}".`);
  return value;
}
