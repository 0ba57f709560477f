import { expect, it } from 'vitest';
import { blankSlot, isOfBlank } from '../../src/strategies/blank.js';

it.each([blankSlot('a b'), 'the html is blank', 'the subject is blank', 'user.first_name is missing'])(
  'a blank that was caught: %s',
  (reason) => {
    expect(isOfBlank(reason)).toBe(true);
  },
);

it.each([
  'no rule matched',
  'the template takes too long',
  'a link leads nowhere',
  '',
  'its manifest is missing',
])('another reason: %j', (reason) => {
  expect(isOfBlank(reason)).toBe(false);
});
