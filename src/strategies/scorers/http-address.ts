import { z } from 'zod';
import { text } from '../../experiments/text.js';

/** A header as it is, or the name of the secret that it holds: secrets stand in the environment and nowhere else. */
export type HeaderValue = string | { readonly secret: string };
export type Headers = Readonly<Record<string, HeaderValue>>;

/** What the call itself sets, or what would change how it is sent. */
const reserved: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const looksSecret = /auth|cookie|key|token|secret|password/i;

export const urlSchema = text(2_000, 'must be an address such as http://scorer.internal:8000/score')
  .describe('Where to POST to. Redirects are not followed.')
  .superRefine((url, context) => {
    const message = mistakeIn(url);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: url });
  });

function mistakeIn(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'must be an address such as http://scorer.internal:8000/score';
  if (url.username !== '' || url.password !== '')
    return 'must hold no user or password: name a secret in headers, as {"Authorization": {"secret": "NAME"}}';
  if (url.hash !== '') return 'must hold nothing after #, which is never sent';
  return undefined;
}

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header')
  .refine((name) => !reserved.has(name.toLowerCase()), 'is set by the call itself: leave it out');

const headerValue = z.union([
  text(1_000).regex(/^[\x20-\x7e]*$/, 'must be printable ASCII'),
  z.strictObject({
    secret: z
      .string()
      .regex(
        /^[A-Z][A-Z0-9_]{0,63}$/,
        'must be capital letters, digits and _: NAME stands for POSTULATE_SCORER_SECRET_NAME',
      ),
  }),
]);

export const headersSchema = z
  .record(headerName, headerValue, 'must be an object of headers')
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    if (names.length > 20)
      context.addIssue({ code: 'custom', message: 'must hold at most 20 headers', input: headers });
    names.forEach((name, i) => {
      const say = (message: string): void =>
        context.addIssue({ code: 'custom', path: [name], message, input: headers[name] });
      if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < i)
        say('is there twice: remove one');
      if (typeof headers[name] === 'string' && looksSecret.test(name))
        say(
          'is likely a secret, which must not be stored: give {"secret": "NAME"} and set POSTULATE_SCORER_SECRET_NAME where the service runs',
        );
    });
  })
  .default({});

/** The secrets that headers name. */
export const secretsIn = (headers: Headers): string[] =>
  Object.values(headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]));
