import { z } from 'zod';

/**
 * A text that the database can store: bounded, valid Unicode, without U+0000.
 *
 * @param otherwise what is said of anything that is no text.
 */
export function text(maxLength: number, otherwise = 'must be a text'): z.ZodString {
  return z
    .string(otherwise)
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine((value) => !value.includes('\0'), { message: 'must not contain the character U+0000' })
    .refine((value) => value.isWellFormed(), { message: 'must be valid Unicode' });
}

/** PostgreSQL stores neither the character U+0000 nor half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
