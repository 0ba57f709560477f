import { z } from 'zod';

/** All settings, read once at the start. Nothing else looks at the environment. */
export type Config = Readonly<{
  /** A PostgreSQL server; undefined for the embedded database in the data folder. */
  databaseUrl: string | undefined;
  /** Where the embedded database and the generated workspace key live. */
  dataDir: string;
  /** 0 stands for any free port; see `withBoundPort`. */
  port: number;
  host: string;
  /** What links in e-mails begin with; never ends with a slash. */
  publicUrl: string;
  /** 64 hexadecimal characters; undefined if it is to be kept in the data folder. */
  workspaceKey: string | undefined;
  /** The mail server; undefined if there is none. */
  smtpUrl: string | undefined;
  mailFrom: string;
  /** Whether to fill an empty database with the demonstration world. */
  demo: boolean;
  logLevel: LogLevel;
  /** Requests per minute and API key. */
  rateLimitPerMinute: number;
  /** How many proxies stand before the service and tell the address of the client in X-Forwarded-For. */
  trustProxy: number;
  /** What headers of scorers hold, by the name that stands after POSTULATE_SCORER_SECRET_. */
  scorerSecrets: ReadonlyMap<string, string>;
}>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SCORER_SECRET = 'POSTULATE_SCORER_SECRET_';

type Environment = Record<string, string | undefined>;
export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Variables of our own prefix that something other than the service reads. */
const READ_BY_TESTS = ['POSTULATE_TEST_DATABASE'];

/** Each setting with what it must look like. Whatever a message says, it never shows a value that could be a secret. */
const settings = z.object({
  DATABASE_URL: secretUrl(
    ['postgres:', 'postgresql:'],
    'a PostgreSQL address such as postgres://user:password@host:5432/postulate',
  ).optional(),
  POSTULATE_DATA_DIR: z.string().default('./data'),
  PORT: integer(0, 65_535, 'a port number from 0 (any free port) to 65535').default(3000),
  HOST: matching(/^[\w.:%-]+$/, 'a host name or address such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  PUBLIC_URL: z
    .string()
    .refine(
      isWebAddress,
      shown('an address such as https://postulate.example.com, without query or password'),
    )
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  POSTULATE_WORKSPACE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, {
      error: (issue) =>
        `must be 64 hexadecimal characters, but has ${describeKey(String(issue.input))}; make one with "openssl rand -hex 32"`,
    })
    .transform((key) => key.toLowerCase())
    .optional(),
  SMTP_URL: secretUrl(
    ['smtp:', 'smtps:'],
    'a mail server such as smtp://user:password@host:587 or smtps://host:465',
  ).optional(),
  MAIL_FROM: matching(
    /^[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/,
    'a sender such as "Postulate <postulate@example.com>"',
  ).default('Postulate <postulate@localhost>'),
  POSTULATE_DEMO: choice(['on', 'off']).optional(),
  LOG_LEVEL: choice(LOG_LEVELS).default('info'),
  RATE_LIMIT_PER_MINUTE: integer(1, 10_000_000, 'a whole number from 1 to 10000000').default(60_000),
  TRUST_PROXY: integer(0, 10, 'the number of proxies before the service, from 0 to 10').default(0),
});

/** Reads the settings; every mistake becomes one sentence that names the variable and how to mend it. */
export function readConfig(env: Environment): ConfigResult {
  const given = withoutBlanks(env);
  const problems = [...unknownVariables(given), ...secretProblems(given)];
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join('.')} ${issue.message}.`);
  }
  if (given['DATABASE_URL'] !== undefined && given['POSTULATE_WORKSPACE_KEY'] === undefined) {
    problems.push(
      'POSTULATE_WORKSPACE_KEY is missing: with DATABASE_URL the key that makes the pseudonyms must be given, because it ' +
        'must not lie in the same database; make one with "openssl rand -hex 32" and keep it.',
    );
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: toConfig(parsed.data, scorerSecrets(given)) };
}

/** The configuration once the server listens: knows the real port, also in the default public address. */
export function withBoundPort(config: Config, port: number): Config {
  const isDefault = config.publicUrl === defaultPublicUrl(config.host, config.port);
  const publicUrl = isDefault ? defaultPublicUrl(config.host, port) : config.publicUrl;
  return Object.freeze({ ...config, port, publicUrl });
}

function toConfig(values: z.infer<typeof settings>, secrets: ReadonlyMap<string, string>): Config {
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    dataDir: values.POSTULATE_DATA_DIR,
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? defaultPublicUrl(values.HOST, values.PORT),
    workspaceKey: values.POSTULATE_WORKSPACE_KEY,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    demo: (values.POSTULATE_DEMO ?? (values.DATABASE_URL === undefined ? 'on' : 'off')) === 'on',
    logLevel: values.LOG_LEVEL,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    trustProxy: values.TRUST_PROXY,
    scorerSecrets: secrets,
  });
}

/** 0.0.0.0 and :: mean "every address", which nobody can follow a link to. */
function defaultPublicUrl(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Compose files and shells often pass empty variables on; empty means not given. */
function withoutBlanks(env: Environment): Record<string, string> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

function unknownVariables(env: Environment): string[] {
  const known = [...Object.keys(settings.shape), ...READ_BY_TESTS];
  return Object.keys(env)
    .filter((name) => name.startsWith('POSTULATE_') && !known.includes(name) && !isScorerSecret(name))
    .map(
      (name) =>
        `${name} is not a setting; those with this prefix are ${known
          .filter((other) => other.startsWith('POSTULATE_') && !READ_BY_TESTS.includes(other))
          .join(', ')}.`,
    );
}

/** Settings whose names an administrator chooses, one for each secret that a scorer is sent. */
const isScorerSecret = (name: string): boolean =>
  name.startsWith(SCORER_SECRET) && /^[A-Z][A-Z0-9_]{0,63}$/.test(name.slice(SCORER_SECRET.length));

function scorerSecrets(given: Record<string, string>): ReadonlyMap<string, string> {
  const named = Object.entries(given).filter(([name]) => isScorerSecret(name));
  return new Map(named.map(([name, value]) => [name.slice(SCORER_SECRET.length), value]));
}

/** What a header cannot carry would fail with the first call, and not where it can be mended. */
function secretProblems(given: Record<string, string>): string[] {
  return Object.entries(given)
    .filter(([name, value]) => isScorerSecret(name) && !/^[\x20-\x7e]{1,4000}$/.test(value))
    .map(([name]) => `${name} must be 1 to 4000 printable ASCII characters: it is sent in a header.`);
}

function shown(wanted: string): { error: (issue: { input?: unknown }) => string } {
  return { error: (issue) => `must be ${wanted}, but is "${shorten(String(issue.input))}"` };
}

function integer(least: number, most: number, wanted: string) {
  const fits = (value: string): boolean =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most;
  return z.string().refine(fits, shown(wanted)).transform(Number);
}

function matching(pattern: RegExp, wanted: string) {
  return z.string().regex(pattern, shown(wanted));
}

function choice<const T extends readonly string[]>(values: T) {
  return z.enum(values, shown(values.join(', ').replace(/, ([^,]*)$/, ' or $1')));
}

function secretUrl(protocols: string[], wanted: string) {
  return z.string().refine((value) => protocols.includes(parseUrl(value)?.protocol ?? ''), {
    error: (issue) =>
      `must be ${wanted} (percent-encode odd characters), but is "${withoutSecrets(String(issue.input))}"`,
  });
}

function isWebAddress(value: string): boolean {
  const url = parseUrl(value);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

/** Only the scheme and what follows the last "@" may be shown: before it stands the password. */
function withoutSecrets(value: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0] ?? '';
  if (!value.includes('@')) return scheme === '' ? '…' : `${scheme}…`;
  const host = value.slice(value.lastIndexOf('@') + 1).replace(/[/?#].*$/s, '');
  return `${scheme}…@${shorten(host)}`;
}

function describeKey(value: string): string {
  return value.length === 64 ? 'other characters among them' : `${value.length} characters`;
}

function shorten(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}
