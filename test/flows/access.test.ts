import { beforeEach, describe, expect, it } from 'vitest';
import {
  authenticateToken,
  createApiKey,
  listApiKeys,
  may,
  revokeApiKey,
  sameSecret,
} from '../../src/flows/access.js';
import {
  createSignInLink,
  expireAccess,
  findSession,
  LINK_LIFE_MS,
  nobodyHasAccess,
  redeemSignInLink,
  SESSION_LIFE_MS,
} from '../../src/flows/sign-in.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

describe('API keys', () => {
  it('are listed newest first, with their last use and their end', async () => {
    const first = await createApiKey(ctx, { name: 'first', scopes: ['sender', 'sender'] });
    ctx.setTime('2026-03-02T00:00:00.000Z');
    await createApiKey(ctx, { name: 'second', scopes: ['admin'] });
    await authenticateToken(ctx, first.token);
    await revokeApiKey(ctx, first.key.id);
    expect(await listApiKeys(ctx)).toMatchObject([
      { name: 'second', scopes: ['admin'] },
      {
        name: 'first',
        scopes: ['sender'],
        lastUsedAt: '2026-03-02T00:00:00.000Z',
        revokedAt: '2026-03-02T00:00:00.000Z',
      },
    ]);
  });

  it('note their use once a minute at most', async () => {
    const { token, key } = await createApiKey(ctx, { name: 'busy', scopes: ['sender'] });
    const lastUse = async () => (await listApiKeys(ctx)).find(({ id }) => id === key.id)?.lastUsedAt;
    await authenticateToken(ctx, token);
    ctx.setTime('2026-03-01T09:00:59.000Z');
    await authenticateToken(ctx, token);
    expect(await lastUse()).toBe('2026-03-01T09:00:00.000Z');
    ctx.setTime('2026-03-01T09:01:01.000Z');
    await authenticateToken(ctx, token);
    expect(await lastUse()).toBe('2026-03-01T09:01:01.000Z');
  });

  it('need a name and known scopes', async () => {
    for (const input of [
      {},
      { name: ' ', scopes: ['admin'] },
      { name: 'x', scopes: [] },
      { name: 'x', scopes: ['root'] },
      null,
    ]) {
      await expect(createApiKey(ctx, input)).rejects.toMatchObject({
        kind: 'bad_input',
        code: 'key_invalid',
      });
    }
  });

  it('admit by scope, and admin by all', () => {
    const one = { kind: 'key', id: '', name: '', scopes: ['sender'] } as const;
    expect([may(one, 'sender'), may(one, 'ingest'), may(one, 'ingest', 'sender'), may(one)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(may({ ...one, scopes: ['admin'] }, 'ingest')).toBe(true);
  });

  it('are compared whole', () => {
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'aa'), sameSecret('', '')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('sign-in links and sessions', () => {
  it('turn one link into one session of its role', async () => {
    expect(await nobodyHasAccess(ctx)).toBe(true);
    const { token } = await createSignInLink(ctx, { name: 'Ana', role: 'sender' });
    expect(await nobodyHasAccess(ctx)).toBe(false);
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => redeemSignInLink(ctx, token)));
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.sessionId] : []));
    expect(won).toHaveLength(1);
    const session = await findSession(ctx, won[0]!);
    expect(session).toMatchObject({
      role: 'sender',
      principal: { name: 'Ana', scopes: ['sender', 'ingest'] },
    });
    expect(await findSession(ctx, `${won[0]!}x`)).toBeUndefined();
  });

  it('are forgotten when their time is over, and not before', async () => {
    const start = ctx.clock().getTime();
    const { token } = await createSignInLink(ctx, { name: 'Ana', role: 'admin' });
    const { sessionId } = await redeemSignInLink(ctx, token);
    await createSignInLink(ctx, { name: 'Bo', role: 'admin' });
    ctx.setTime(new Date(start + LINK_LIFE_MS - 1).toISOString());
    expect(await expireAccess(ctx)).toEqual({ links: 0, sessions: 0 });
    ctx.setTime(new Date(start + LINK_LIFE_MS).toISOString());
    expect(await expireAccess(ctx)).toEqual({ links: 2, sessions: 0 });
    expect(await findSession(ctx, sessionId)).toBeDefined();
    ctx.setTime(new Date(start + SESSION_LIFE_MS).toISOString());
    expect(await expireAccess(ctx)).toEqual({ links: 0, sessions: 1 });
  });
});
