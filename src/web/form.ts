import type { Request } from 'express';
import { badInput, unauthorised } from '../errors.js';
import { sameSecret } from '../flows/access.js';
import type { Session } from '../flows/sign-in.js';
import { contentTypeOf, decodeUtf8, readWhole, wrongContentType } from './body.js';
import { unstorableParts } from './storable.js';

const MAX_BYTES = 4_000_000;
const MAX_FIELDS = 200;

/**
 * Reads a form that one of our own pages has sent. Another site can make a browser send a form with the cookie of the
 * session, but it cannot know the token that stands in ours.
 */
export async function readForm(request: Request, session: Session): Promise<URLSearchParams> {
  if (contentTypeOf(request) !== 'application/x-www-form-urlencoded') {
    throw wrongContentType('application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(decodeUtf8(await readWhole(request, MAX_BYTES)));
  if (!sameSecret(form.get('csrf') ?? '', session.csrfToken)) {
    throw unauthorised(
      'form_expired',
      'This form has expired or came from elsewhere. Go back, reload the page and send it again.',
    );
  }
  if (form.size > MAX_FIELDS)
    throw badInput('form_too_long', `A form may have at most ${MAX_FIELDS} fields.`);
  const problems = [...form].flatMap(([name, value]) => unstorableParts(value, name.slice(0, 64)));
  if (problems.length > 0)
    throw badInput('text_unstorable', 'The form contains text that cannot be stored.', problems);
  return form;
}

/** One field as a person meant it: line ends as `\n`, without blanks around it. */
export function fieldOf(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll('\r\n', '\n').trim();
}
