import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTables } from '../../src/flows/data-schema.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { exportedRowSchema } from '../../src/web/api/export.js';
import { enrol, startExample } from '../flows/campaign.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
let analyst: { Authorization: string };

beforeAll(async () => {
  h = await openHarness();
  analyst = await h.bearer('analyst');
  const [first] = await enrol(h.ctx, await startExample(h.ctx), 20);
  await recordEvents(h.ctx, [
    { id: 'c', type: 'clicked', messageId: first!.messageId, at: '2026-03-01T10:00:00Z', class: 'human' },
    { id: 'v', type: 'view', recipient: 'x', at: '2026-03-01T10:00:00Z', properties: { n: 1, a: null, b: true } },
  ]); // prettier-ignore
});
afterAll(() => h.database.close());

const get = (path: string) => request(h.app).get(path).set(analyst).buffer(true);

describe('GET /v1/export', () => {
  it.each(exportTables)('gives rows of %s as the description says, line by line', async (table) => {
    const answer = await get(`/v1/export/${table}`).parse((response, done) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => done(null, text));
    });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    const rows = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows.length).toBeGreaterThan(table === 'events' ? 1 : 19);
    for (const row of rows) expect(exportedRowSchema(table).parse(row)).toEqual(row);
  });

  it('gives CSV, of a range and an experiment', async () => {
    const csv = async (query: string): Promise<number> =>
      (await get(`/v1/export/assignments?format=csv&${query}`)).text.trim().split('\n').length - 1;
    expect(await csv('')).toBe(20);
    expect(await csv('experiment=spring-offer&from=2026-03-01&to=2026-03-02')).toBe(20);
    expect(await csv('to=2026-03-01')).toBe(0);
    const answer = await get('/v1/export/cells?format=csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename=postulate-cells.csv');
  });

  it.each([
    ['events?from=yesterday', 422, 'invalid_range'],
    ['events?from=2026-03-02&to=2026-03-01', 422, 'invalid_range'],
    ['events?from=2026-03-01&from=2026-03-02', 422, 'invalid_range'],
    ['events?from[$gt]=1', 200, undefined],
    ['events?format=xlsx', 422, 'invalid_format'],
    ['events?format=parquet', 422, 'invalid_format'],
    ['events?experiment=nothing', 404, 'experiment_not_found'],
    ['events?experiment=%00', 404, 'experiment_not_found'],
    ["events?experiment=';drop table events--", 404, 'experiment_not_found'],
    ['identities', 404, 'route_not_found'],
  ])('%s is answered with %i', async (path, status, code) => {
    const answer = await get(`/v1/export/${path}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (status >= 400) expect(answer.headers['content-disposition']).toBeUndefined();
  });

  it('is for analysts, and a HEAD reads nothing', async () => {
    for (const scope of ['sender', 'ingest'] as const) {
      const answer = await request(h.app)
        .get('/v1/export/facts')
        .set(await h.bearer(scope));
      expect(answer.status).toBe(403);
    }
    expect((await request(h.app).get('/v1/export/facts')).status).toBe(401);
    expect((await request(h.app).head('/v1/export/facts').set(analyst)).status).toBe(200);
  });

  it('leaves no files behind', async () => {
    await get('/v1/export/facts');
    await get('/v1/export/facts?experiment=nothing');
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('postulate-spool-'));
    await expect.poll(left).toEqual([]);
  });
});
