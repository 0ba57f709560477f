import { z } from 'zod';

/** Of offers, actions and categories: more would not be told apart by anybody. */
export const mostChoices = 50;

export const keySchema = z
  .string('must be a text')
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores');

/** Says of a key that stands there twice. */
export function refuseTwins(
  keys: readonly string[],
  context: {
    addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string; input?: unknown }): void;
  },
): void {
  keys.forEach((key, i) => {
    if (keys.indexOf(key) === i) return;
    context.addIssue({
      code: 'custom',
      path: [i, 'key'],
      message: `"${key}" is the key of an earlier one too: rename one`,
      input: undefined,
    });
  });
}
