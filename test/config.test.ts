import { describe, expect, test } from 'vitest';
import { readConfig, withBoundPort, type Config } from '../src/config.js';

const key = 'ab'.repeat(32);

function configOf(env: Record<string, string>): Config {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(env: Record<string, string>): string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.problems;
}

describe('the configuration', () => {
  test('needs nothing', () => {
    expect(configOf({})).toEqual({
      databaseUrl: undefined,
      dataDir: './data',
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      workspaceKey: undefined,
      smtpUrl: undefined,
      mailFrom: 'Postulate <postulate@localhost>',
      demo: true,
      logLevel: 'info',
      rateLimitPerMinute: 60_000,
      trustProxy: 0,
      scorerSecrets: new Map(),
    });
  });

  test('takes every setting', () => {
    expect(
      configOf({
        DATABASE_URL: 'postgresql://me:secret@db:5432/postulate?sslmode=require',
        POSTULATE_DATA_DIR: '/var/lib/postulate',
        PORT: '8080',
        HOST: '::',
        PUBLIC_URL: 'https://example.com/postulate/',
        POSTULATE_WORKSPACE_KEY: key.toUpperCase(),
        SMTP_URL: 'smtps://me:secret@mail:465',
        MAIL_FROM: 'reports@example.com',
        POSTULATE_DEMO: 'on',
        LOG_LEVEL: 'silent',
        RATE_LIMIT_PER_MINUTE: '100',
      }),
    ).toEqual({
      databaseUrl: 'postgresql://me:secret@db:5432/postulate?sslmode=require',
      dataDir: '/var/lib/postulate',
      port: 8080,
      host: '::',
      publicUrl: 'https://example.com/postulate',
      workspaceKey: key,
      smtpUrl: 'smtps://me:secret@mail:465',
      mailFrom: 'reports@example.com',
      demo: true,
      logLevel: 'silent',
      rateLimitPerMinute: 100,
      trustProxy: 0,
      scorerSecrets: new Map(),
    });
  });

  test('takes secrets of scorers under names of their own', () => {
    const { scorerSecrets } = configOf({ POSTULATE_SCORER_SECRET_CHURN: 'Bearer abc' });
    expect(scorerSecrets).toEqual(new Map([['CHURN', 'Bearer abc']]));
    expect(problemsOf({ POSTULATE_SCORER_SECRET_churn: 'x' })[0]).toMatch(/is not a setting/);
    const [problem] = problemsOf({ POSTULATE_SCORER_SECRET_CHURN: 'gehe\u00efm' });
    expect(problem).toMatch(/^POSTULATE_SCORER_SECRET_CHURN must be .* printable ASCII/);
    expect(problem).not.toContain('gehe');
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true);
  });

  test('has no demonstration on a real server unless asked', () => {
    expect(configOf({ DATABASE_URL: 'postgres://db/x', POSTULATE_WORKSPACE_KEY: key }).demo).toBe(false);
    expect(configOf({ POSTULATE_DEMO: 'off' }).demo).toBe(false);
  });

  test('treats empty variables as not given, and ignores those of others', () => {
    expect(
      configOf({ DATABASE_URL: '', PORT: ' ', PATH: '/bin', POSTULATE_TEST_DATABASE: 'postgres' }),
    ).toEqual(configOf({}));
  });

  test.each([
    ['0.0.0.0', 'http://localhost:3000'],
    ['::', 'http://localhost:3000'],
    ['::1', 'http://[::1]:3000'],
    ['example.com', 'http://example.com:3000'],
  ])('on %s is reached at %s', (host, url) => {
    expect(configOf({ HOST: host }).publicUrl).toBe(url);
  });

  test('learns its real port once the server listens', () => {
    const bound = withBoundPort(configOf({ PORT: '0' }), 41234);
    expect([bound.port, bound.publicUrl]).toEqual([41234, 'http://127.0.0.1:41234']);
    const given = withBoundPort(configOf({ PORT: '0', PUBLIC_URL: 'https://example.com' }), 41234);
    expect(given.publicUrl).toBe('https://example.com');
  });
});

describe('a mistake in the configuration', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a database that is not PostgreSQL',
      { DATABASE_URL: 'mysql://root:hunter2@db:3306/x', POSTULATE_WORKSPACE_KEY: key },
      'DATABASE_URL must be a PostgreSQL address such as postgres://user:password@host:5432/postulate (percent-encode odd characters), but is "mysql://…@db:3306".',
    ],
    [
      'a password with an odd character',
      { DATABASE_URL: 'postgres://me:hun#ter2@db/x', POSTULATE_WORKSPACE_KEY: key },
      'DATABASE_URL must be a PostgreSQL address such as postgres://user:password@host:5432/postulate (percent-encode odd characters), but is "postgres://…@db".',
    ],
    [
      'a short workspace key',
      { POSTULATE_WORKSPACE_KEY: 'abc' },
      'POSTULATE_WORKSPACE_KEY must be 64 hexadecimal characters, but has 3 characters; make one with "openssl rand -hex 32".',
    ],
    [
      'a workspace key that is not hexadecimal',
      { POSTULATE_WORKSPACE_KEY: 'z'.repeat(64) },
      'POSTULATE_WORKSPACE_KEY must be 64 hexadecimal characters, but has other characters among them; make one with "openssl rand -hex 32".',
    ],
    [
      'a real server without a workspace key',
      { DATABASE_URL: 'postgres://db/x' },
      'POSTULATE_WORKSPACE_KEY is missing: with DATABASE_URL the key that makes the pseudonyms must be given, because it must not lie in the same database; make one with "openssl rand -hex 32" and keep it.',
    ],
    [
      'a port in words',
      { PORT: 'http' },
      'PORT must be a port number from 0 (any free port) to 65535, but is "http".',
    ],
    [
      'a port too high',
      { PORT: '65536' },
      'PORT must be a port number from 0 (any free port) to 65535, but is "65536".',
    ],
    [
      'a host with a path',
      { HOST: 'a/b' },
      'HOST must be a host name or address such as 127.0.0.1 or 0.0.0.0, but is "a/b".',
    ],
    [
      'a public address without a scheme',
      { PUBLIC_URL: 'example.com' },
      'PUBLIC_URL must be an address such as https://postulate.example.com, without query or password, but is "example.com".',
    ],
    [
      'a mail server by its web address',
      { SMTP_URL: 'https://user:hunter2@mail' },
      'SMTP_URL must be a mail server such as smtp://user:password@host:587 or smtps://host:465 (percent-encode odd characters), but is "https://…@mail".',
    ],
    [
      'a sender without an address',
      { MAIL_FROM: 'Postulate' },
      'MAIL_FROM must be a sender such as "Postulate <postulate@example.com>", but is "Postulate".',
    ],
    ['an unknown switch', { POSTULATE_DEMO: 'yes' }, 'POSTULATE_DEMO must be on or off, but is "yes".'],
    [
      'an unknown log level',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent, but is "loud".',
    ],
    [
      'a rate of nothing',
      { RATE_LIMIT_PER_MINUTE: '0' },
      'RATE_LIMIT_PER_MINUTE must be a whole number from 1 to 10000000, but is "0".',
    ],
    [
      'a misspelt variable',
      { POSTULATE_DATADIR: '/x' },
      'POSTULATE_DATADIR is not a setting; those with this prefix are POSTULATE_DATA_DIR, POSTULATE_WORKSPACE_KEY, POSTULATE_DEMO.',
    ],
  ])('(%s) is one sentence that says how to mend it', (_name, env, sentence) => {
    expect(problemsOf(env)).toEqual([sentence]);
  });

  test('is reported together with all others, without any secret', () => {
    const problems = problemsOf({
      DATABASE_URL: 'hunter2',
      SMTP_URL: 'smpt://me:hunter2@mail/?x=hunter2',
      POSTULATE_WORKSPACE_KEY: `${'a'.repeat(60)}hunter2`,
      PORT: 'x',
      POSTULATE_X: 'hunter2',
    });
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).not.toMatch(/hunter2|a{60}/);
  });
});
