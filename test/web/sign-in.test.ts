import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignInLink, LINK_LIFE_MS } from '../../src/flows/sign-in.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;

beforeAll(async () => {
  h = await openHarness();
});
afterAll(() => h.database.close());

describe('signing in', () => {
  it('works once, even when twenty try at the same moment', async () => {
    // Of its own, because failed attempts are counted.
    const own = await openHarness();
    const { token } = await createSignInLink(own.ctx, { name: 'Racer', role: 'analyst' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        request(own.app).get('/sign-in').query({ token }).set('X-Try', String(i)),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, ...Array<number>(19).fill(401)]);
    const sessions = await own.ctx.db('sessions').where({ name: 'Racer' });
    expect(sessions).toHaveLength(1);
    await own.database.close();
  });

  it('with a link that was used or never existed is refused on a page', async () => {
    const { token } = await createSignInLink(h.ctx, { name: 'Twice', role: 'analyst' });
    expect((await request(h.app).get('/sign-in').query({ token })).status).toBe(303);
    for (const dead of [token, 'x', token + 'x', '\0']) {
      const answer = await request(h.app).get('/sign-in').query({ token: dead });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
      expect(answer.text).toContain('used before');
    }
  });

  it('sets a cookie that scripts and other sites cannot use', async () => {
    const { token } = await createSignInLink(h.ctx, { name: 'Plain', role: 'analyst' });
    const answer = await request(h.app).get('/sign-in').query({ token });
    const cookie = String(answer.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(
      /^postulate=[\w-]{43}; Max-Age=1209600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    const value = /=([\w-]{43})/.exec(cookie)![1]!;
    expect(JSON.stringify(await h.ctx.db('sessions').select())).not.toContain(value);
    expect(JSON.stringify(await h.ctx.db('sign_in_links').select())).not.toContain(token);
  });

  it('is not used up by a preview, and ends in time', async () => {
    const { token } = await createSignInLink(h.ctx, { name: 'Late', role: 'analyst' });
    await request(h.app).head('/sign-in').query({ token });
    await request(h.app).get('/sign-in').query({ token }).set('Sec-Purpose', 'prefetch');
    const before = h.ctx.clock().getTime();
    h.ctx.setTime(new Date(before + LINK_LIFE_MS).toISOString());
    expect((await request(h.app).get('/sign-in').query({ token })).status).toBe(401);
    h.ctx.setTime(new Date(before + LINK_LIFE_MS - 1).toISOString());
    expect((await request(h.app).get('/sign-in').query({ token })).status).toBe(303);
    h.ctx.setTime(new Date(before).toISOString());
  });

  it('ends by the button, and the cookie is worth nothing afterwards', async () => {
    const session = await h.signIn('analyst');
    const without = await request(h.app)
      .post('/sign-out')
      .set('Cookie', session.cookie)
      .type('form')
      .send('');
    expect(without.status).toBe(403);
    const out = await h.submit('/sign-out', session);
    expect([out.status, out.headers['location']]).toEqual([303, '/sign-in']);
    expect((await request(h.app).get('/').set('Cookie', session.cookie)).status).toBe(401);
  });

  it('ends by itself after two weeks', async () => {
    const session = await h.signIn('analyst');
    const before = h.ctx.clock();
    h.ctx.setTime(new Date(before.getTime() + 14 * 86_400_000 - 1).toISOString());
    expect((await request(h.app).get('/').set('Cookie', session.cookie)).status).toBe(200);
    h.ctx.setTime(new Date(before.getTime() + 14 * 86_400_000).toISOString());
    expect((await request(h.app).get('/').set('Cookie', session.cookie)).status).toBe(401);
    h.ctx.setTime(before.toISOString());
  });

  it('is limited by attempts', async () => {
    const other = await openHarness();
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      statuses.push((await request(other.app).get('/sign-in').query({ token: 'x' })).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
    await other.database.close();
  });
});

describe('behind https', () => {
  it('the cookie is secure and bound to the host, and assets are upgraded', async () => {
    const secure = await openHarness({ publicUrl: 'https://postulate.example.com' });
    const { token } = await createSignInLink(secure.ctx, { name: 'Secure', role: 'admin' });
    const answer = await request(secure.app).get('/sign-in').query({ token });
    const cookie = String(answer.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(/^__Host-postulate=/);
    expect(cookie).toMatch(/; Secure; SameSite=Lax$/);
    expect(answer.headers['content-security-policy']).toContain('upgrade-insecure-requests');
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const page = await request(secure.app).get('/').set('Cookie', cookie.split(';')[0]!);
    expect(page.status).toBe(200);
    await secure.database.close();
  });
});
