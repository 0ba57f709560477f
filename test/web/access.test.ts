import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticateToken, createApiKey, scopes, type Scope } from '../../src/flows/access.js';
import { createSignInLink, LINK_LIFE_MS, type Role } from '../../src/flows/sign-in.js';
import { apiRoutes } from '../../src/web/api/routes.js';
import { pages } from '../../src/web/pages/pages-router.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;

beforeAll(async () => {
  h = await openHarness();
});
afterAll(() => h.database.close());

/** Written down here once more, so that a scope that changes by mistake is noticed. */
const mayCall: Readonly<Record<string, readonly Scope[]>> = {
  createExperiment: ['admin'],
  listExperiments: ['analyst', 'admin'],
  readExperiment: ['analyst', 'admin'],
  startExperiment: ['admin'],
  pauseExperiment: ['admin'],
  resumeExperiment: ['admin'],
  stopExperiment: ['admin'],
  assignRecipients: ['sender', 'admin'],
  recordEvents: ['ingest', 'admin'],
  latestEvents: ['analyst', 'admin'],
  eventCounts: ['analyst', 'admin'],
  freshness: ['analyst', 'admin'],
  addMetric: ['admin'],
  addCohort: ['admin'],
  refills: ['analyst', 'admin'],
  askCohort: ['analyst', 'admin'],
  funnel: ['analyst', 'admin'],
  maturity: ['analyst', 'admin'],
  recordProfiles: ['ingest', 'admin'],
  readProfile: ['analyst', 'admin'],
  recordItems: ['ingest', 'admin'],
  readQuality: ['analyst', 'admin'],
  readRetraining: ['analyst', 'admin'],
  listQuarantine: ['analyst', 'admin'],
  exportAssignments: ['analyst', 'admin'],
  exportEvents: ['analyst', 'admin'],
  exportFacts: ['analyst', 'admin'],
  exportCells: ['analyst', 'admin'],
  readReport: ['analyst', 'admin'],
  readReportTable: ['analyst', 'admin'],
  registerStrategy: ['admin'],
  listStrategies: ['analyst', 'admin'],
  readStrategy: ['analyst', 'admin'],
  lintStrategy: ['analyst', 'admin'],
  compareStrategies: ['analyst', 'admin'],
  activateStrategy: ['admin'],
  rollbackStrategy: ['admin'],
  retireStrategy: ['admin'],
  learnStrategy: ['admin'],
  scoreRecipients: ['sender', 'admin'],
  scoreCoverage: ['analyst', 'admin'],
  listLearningRuns: ['analyst', 'admin'],
  readLearningRun: ['analyst', 'admin'],
  stopLearningRun: ['admin'],
  setRetraining: ['admin'],
  registerScorer: ['admin'],
  listScorers: ['analyst', 'admin'],
  listFeatures: ['analyst', 'admin'],
  tryScorer: ['admin'],
  listModels: ['analyst', 'admin'],
  previewPolicy: ['analyst', 'admin'],
  readModel: ['analyst', 'admin'],
  promoteModel: ['admin'],
  rollbackModel: ['admin'],
  compareModels: ['analyst', 'admin'],
  listAlerts: ['analyst', 'admin'],
  closeAlert: ['admin'],
  pullList: ['sender', 'admin'],
  pullLists: ['sender', 'admin'],
  findNeighbours: ['analyst', 'admin'],
  findSimilarItems: ['analyst', 'admin'],
  previewRecipient: ['analyst', 'admin'],
  previewProfile: ['analyst', 'admin'],
  findDecision: ['analyst', 'admin'],
  takeSnapshot: ['admin'],
  listSnapshots: ['analyst', 'admin'],
  registerSegment: ['admin'],
  listSegments: ['analyst', 'admin'],
  readSegment: ['analyst', 'admin'],
  listSegmentMembers: ['admin'],
  fitPersonas: ['admin'],
  listPersonas: ['analyst', 'admin'],
  readPersonas: ['analyst', 'admin'],
  describePersona: ['admin'],
  readAudience: ['analyst', 'admin'],
  registerContent: ['admin'],
  listContents: ['analyst', 'admin'],
  registerTemplate: ['admin'],
  listTemplates: ['analyst', 'admin'],
  getTemplate: ['analyst', 'admin'],
  renderMessages: ['sender', 'admin'],
  checkMatrix: ['analyst', 'admin'],
};
const open = ['health', 'openApi', 'rulesSchema', 'treeSchema'];

describe('API keys', () => {
  it('open every route for exactly the scopes it names', async () => {
    expect(apiRoutes.map((route) => route.id).sort()).toEqual([...Object.keys(mayCall), ...open].sort());
    const headers = await Promise.all(scopes.map(async (scope) => [scope, await h.bearer(scope)] as const));
    for (const route of apiRoutes.filter(({ id }) => !open.includes(id))) {
      const path = route.path.replace('{key}', 'nothing');
      for (const [scope, header] of headers) {
        const answer = await request(h.app)[route.method](path).set(header);
        const allowed = mayCall[route.id]!.includes(scope);
        expect([route.id, scope, answer.status === 403]).toEqual([route.id, scope, !allowed]);
        if (!allowed) {
          expect(answer.body.code).toBe('scope_missing');
          expect(answer.body.detail).toContain(mayCall[route.id]![0]);
        }
      }
    }
  });

  it('are needed on every route that is not open', async () => {
    let called = 0;
    let other = await openHarness();
    for (const route of apiRoutes) {
      // Whoever calls without a key is turned away after 60 calls; a service of its own has not counted any.
      if ((called += 1) % 50 === 0) {
        await other.database.close();
        other = await openHarness();
      }
      const answer = await request(other.app)[route.method](route.path.replace('{key}', 'nothing'));
      const expected = open.includes(route.id) ? 200 : 401;
      expect([route.id, answer.status]).toEqual([route.id, expected]);
      if (expected === 401) expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    await other.database.close();
  });

  it('are refused when they are unknown, altered, revoked or malformed', async () => {
    const { token, key } = await createApiKey(h.ctx, { name: 'mine', scopes: ['analyst'] });
    const call = (authorization: string) =>
      request(h.app).get('/v1/experiments').set('Authorization', authorization);
    expect((await call(`Bearer ${token}`)).status).toBe(200);
    const altered = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const wrong of [
      altered,
      token.slice(0, -1),
      'pst_aaaaaaaaaaaa_' + 'a'.repeat(43),
      '',
      'x y',
      "' or 1=1",
    ]) {
      const answer = await call(`Bearer ${wrong}`);
      expect([wrong, answer.status]).toEqual([wrong, 401]);
      expect(answer.text).not.toContain(token);
    }
    expect((await call(`Basic ${token}`)).body.code).toBe('key_malformed');
    const admin = await h.signIn('admin');
    expect((await h.submit(`/access/keys/${key.id}/revoke`, admin)).status).toBe(303);
    expect((await call(`Bearer ${token}`)).body.code).toBe('key_unknown');
    expect((await h.submit(`/access/keys/${key.id}/revoke`, admin)).status).toBe(404);
  });

  it('stand in the database as a hash only', async () => {
    const { token } = await createApiKey(h.ctx, { name: 'hashed', scopes: ['sender'] });
    const rows = JSON.stringify(await h.ctx.db('api_keys').select());
    expect(rows).not.toContain(token.slice(17));
    await expect(authenticateToken(h.ctx, token)).resolves.toMatchObject({
      name: 'hashed',
      scopes: ['sender'],
    });
  });

  it('are made on the page, shown once, and wrong input is shown beside the fields', async () => {
    const admin = await h.signIn('admin');
    const made = await h.submit('/access/keys', admin, { name: 'Mailer <b>', scopes: ['sender', 'ingest'] });
    const token = /id="secret">(pst_[^<]+)</.exec(made.text)?.[1] ?? '';
    await expect(authenticateToken(h.ctx, token)).resolves.toMatchObject({ scopes: ['sender', 'ingest'] });
    const list = await request(h.app).get('/access').set('Cookie', admin.cookie);
    expect(list.text).toContain('Mailer &lt;b&gt;');
    expect(list.text).not.toContain(token);
    const wrong = await h.submit('/access/keys', admin, { name: 'Kept', scopes: [] });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('choose at least one scope');
    expect(wrong.text).toContain('value="Kept"');
  });
});

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
