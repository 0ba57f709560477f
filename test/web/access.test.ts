import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticateToken, createApiKey, scopes, type Scope } from '../../src/flows/access.js';
import { apiRoutes } from '../../src/web/api/routes.js';
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
