import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/flows/sign-in.js';
import { pages } from '../../src/web/pages/pages-router.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;

beforeAll(async () => {
  h = await openHarness();
});
afterAll(() => h.database.close());

describe('pages', () => {
  const maySee: Readonly<Record<string, readonly Role[]>> = {
    'get /': ['admin', 'analyst', 'sender'],
    'get /experiments/new': ['admin'],
    'post /experiments': ['admin'],
    'get /experiments/{key}': ['admin', 'analyst'],
    'post /experiments/{key}/start': ['admin'],
    'post /experiments/{key}/pause': ['admin'],
    'post /experiments/{key}/resume': ['admin'],
    'post /experiments/{key}/stop': ['admin'],
    'get /experiments/{key}/assign': ['admin', 'sender'],
    'post /experiments/{key}/assign': ['admin', 'sender'],
    'post /experiments/{key}/events': ['admin', 'sender'],
    'get /experiments/{key}/events': ['admin', 'analyst'],
    'get /experiments/{key}/events/live': ['admin', 'analyst'],
    'get /experiments/{key}/funnel': ['admin', 'analyst'],
    'get /experiments/{key}/cohort': ['admin', 'analyst'],
    'post /experiments/{key}/cohort': ['admin'],
    'post /experiments/{key}/metrics': ['admin'],
    'get /experiments/{key}/preview': ['admin', 'analyst'],
    'post /experiments/{key}/preview': ['admin', 'analyst'],
    'get /decisions/{id}': ['admin', 'analyst'],
    'get /experiments/{key}/messages': ['admin', 'analyst'],
    'get /experiments/{key}/messages/{arm}/{profile}': ['admin', 'analyst'],
    'get /experiments/{key}/messages/{arm}/{profile}/message': ['admin', 'analyst'],
    'get /catalogue': ['admin', 'analyst'],
    'post /catalogue': ['admin'],
    'get /templates': ['admin', 'analyst'],
    'post /templates': ['admin'],
    'get /templates/{reference}': ['admin', 'analyst'],
    'get /templates/{reference}/message/{profile}': ['admin', 'analyst'],
    'get /features': ['admin', 'analyst'],
    'get /models': ['admin', 'analyst'],
    'get /models/{name}/{number}': ['admin', 'analyst'],
    'post /models/{name}/{number}/promote': ['admin'],
    'get /learning-runs/{id}': ['admin', 'analyst'],
    'get /learning-runs/{id}/live': ['admin', 'analyst'],
    'post /learning-runs/{id}/stop': ['admin'],
    'get /alerts': ['admin', 'analyst'],
    'post /alerts/{id}/close': ['admin'],
    'get /segments': ['admin', 'analyst'],
    'post /segments': ['admin'],
    'get /segments/{name}': ['admin', 'analyst'],
    'get /audience': ['admin', 'analyst'],
    'get /data': ['admin', 'analyst'],
    'get /profiles': ['admin', 'analyst'],
    'get /recommendations': ['admin', 'analyst'],
    'get /quality': ['admin', 'analyst'],
    'get /scorers': ['admin', 'analyst'],
    'get /quarantine': ['admin', 'analyst'],
    'get /strategies': ['admin', 'analyst'],
    'post /strategies': ['admin'],
    'get /strategies/{name}': ['admin', 'analyst'],
    'post /strategies/{name}/activate': ['admin'],
    'post /strategies/{name}/learn': ['admin'],
    'post /strategies/{name}/retraining': ['admin'],
    'post /strategies/{name}/rollback': ['admin'],
    'post /strategies/{name}/retire': ['admin'],
    'get /access': ['admin'],
    'post /access/keys': ['admin'],
    'post /access/keys/{id}/revoke': ['admin'],
    'post /access/links': ['admin'],
  };

  it('open for exactly the roles they are for, and only after signing in', async () => {
    expect(pages.map((page) => `${page.method} ${page.path}`).sort()).toEqual(Object.keys(maySee).sort());
    for (const role of ['admin', 'analyst', 'sender'] as const) {
      const session = await h.signIn(role);
      for (const page of pages) {
        const path = page.path.replaceAll(/\{\w+\}/g, 'nothing');
        const answer =
          page.method === 'get'
            ? await request(h.app).get(path).set('Cookie', session.cookie)
            : await h.submit(path, session);
        const name = `${page.method} ${page.path}`;
        expect([name, role, answer.status === 403]).toEqual([name, role, !maySee[name]!.includes(role)]);
      }
    }
    for (const page of pages) {
      const path = page.path.replaceAll(/\{\w+\}/g, 'nothing');
      const answer = await request(h.app)[page.method](path);
      expect([page.path, answer.status]).toEqual([page.path, 401]);
      expect(answer.text).toContain('one-time link');
    }
  });

  it('refuse every form without the token of the session', async () => {
    const session = await h.signIn('admin');
    const stranger = await h.signIn('admin');
    for (const page of pages.filter(({ method }) => method === 'post')) {
      const path = page.path.replaceAll(/\{\w+\}/g, 'nothing');
      for (const csrf of ['', 'wrong', stranger.csrf]) {
        const answer = await h.submit(path, { cookie: session.cookie, csrf });
        expect([page.path, answer.status]).toEqual([page.path, 403]);
        expect(answer.text).toContain('reload the page');
      }
    }
  });

  it('let a session read the API but change nothing there', async () => {
    const session = await h.signIn('admin');
    const read = await request(h.app).get('/v1/experiments').set('Cookie', session.cookie);
    expect(read.status).toBe(200);
    for (const path of ['/v1/events', '/v1/experiments', '/v1/experiments/x/start']) {
      const answer = await request(h.app).post(path).set('Cookie', session.cookie).send({});
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'session_not_enough']);
    }
    const sender = await h.signIn('sender');
    const refused = await request(h.app).get('/v1/experiments').set('Cookie', sender.cookie);
    expect([refused.status, refused.body.code]).toEqual([403, 'scope_missing']);
  });
});
