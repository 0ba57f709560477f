import { createHash } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import type { Database } from '../../src/database/open.js';
import { createApiKey, type Scope } from '../../src/flows/access.js';
import { createSignInLink, type Role } from '../../src/flows/sign-in.js';
import { createApp } from '../../src/web/app.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';

export interface Harness {
  readonly app: Express;
  readonly ctx: TestContext;
  readonly database: Database;
  /** Bearer header of a fresh key with these scopes. */
  bearer(...scopes: Scope[]): Promise<{ Authorization: string }>;
  /** Cookie and form token of a fresh session. */
  signIn(role: Role): Promise<{ cookie: string; csrf: string }>;
  /** Sends a form as a page of ours would. */
  submit(
    path: string,
    session: { cookie: string; csrf: string },
    fields?: Record<string, string | string[]>,
  ): request.Test;
}

export interface HarnessOptions {
  publicUrl?: string;
  rateLimitPerMinute?: number;
  /** Replaces parts of the context, such as the log. */
  with?: Partial<TestContext>;
}

/** The real app on a real database of its own. */
export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const database = await openTestDatabase();
  const ctx = { ...testContext(database.knex), ...options.with };
  const app = createApp({
    ctx,
    settings: {
      publicUrl: options.publicUrl ?? 'http://localhost:3000',
      rateLimitPerMinute: options.rateLimitPerMinute ?? 100_000,
    },
  });
  return {
    app,
    ctx,
    database,
    async bearer(...scopes) {
      const { token } = await createApiKey(ctx, { name: scopes.join(' '), scopes });
      return { Authorization: `Bearer ${token}` };
    },
    signIn: (role) => signIn(app, ctx, role),
    submit: (path, session, fields = {}) =>
      request(app)
        .post(path)
        .set('Cookie', session.cookie)
        .type('form')
        .send(encode({ csrf: session.csrf, ...fields })),
  };
}

async function signIn(app: Express, ctx: TestContext, role: Role): Promise<{ cookie: string; csrf: string }> {
  const { token } = await createSignInLink(ctx, { name: `A ${role}`, role });
  const answer = await request(app).get('/sign-in').query({ token });
  const cookie = String(answer.get('Set-Cookie')?.[0]).split(';')[0] ?? '';
  const page = await request(app).get('/').set('Cookie', cookie);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return { cookie, csrf };
}

function encode(fields: Record<string, string | string[]>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

export const smallDraft = {
  key: 'subject-line',
  title: 'Which subject line?',
  hypothesis: 'A question is opened more often.',
  factors: [
    {
      key: 'subject',
      levels: [
        { key: 'plain', slots: { subject: 'Our spring collection' } },
        { key: 'question', slots: { subject: 'Ready for spring?' } },
      ],
    },
  ],
  metrics: [
    { key: 'clicked', type: 'proportion', event: 'clicked', role: 'primary', direction: 'increase' },
    { key: 'revenue', type: 'money', event: 'converted', direction: 'increase' },
  ],
  currency: 'EUR',
  cohorts: ['country'],
  window: '14d',
} as const;

/** Which arm a recipient of `smallDraft` must get, worked out here and not by the code under test. */
export function expectedArm(salt: string, id: string): string {
  const word = parseInt(createHash('md5').update(`${salt}:${id}`).digest('hex').slice(0, 8), 16);
  return word < 2 ** 31 ? 'plain' : 'question';
}
