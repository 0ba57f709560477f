import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failOn } from '../support/fail-on.js';
import { changedTables, tableSums } from '../support/table-sums.js';
import { problemSchema } from '../../src/web/errors.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { Authorization: string };
const errors = vi.fn();
const at = '2026-03-01T10:00:00Z';

beforeAll(async () => {
  h = await openHarness({ with: { log: { info: () => undefined, warn: () => undefined, error: errors } } });
  admin = await h.bearer('admin');
  await request(h.app).post('/v1/experiments').set(admin).send(smallDraft).expect(201);
  await request(h.app).post(`/v1/experiments/${smallDraft.key}/start`).set(admin).expect(200);
});
afterAll(() => h.database.close());

describe('a full disk', () => {
  it.each([
    ['events', '/v1/events', [{ id: 'a', type: 'view', recipient: 'ada', at }]],
    ['profiles', '/v1/profiles', [{ recipient: 'ada', traits: { city: 'Wien' } }]],
    ['items', '/v1/items', [{ item: 'a' }]],
    ['enrolments', `/v1/experiments/${smallDraft.key}/assignments`, { recipients: [{ id: 'ada' }] }],
  ])(
    'under %s is told with 507 and a sentence, and nothing is kept; then there is room',
    async (table, path, body) => {
      const before = await tableSums(h.ctx.db);
      const mend = await failOn(h.ctx.db, table, '53100');
      const refused = await request(h.app).post(path).set(admin).send(body);
      expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
        507,
        'database_full',
        '60',
      ]);
      expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(problemSchema.parse(refused.body).detail).toMatch(
        /disk is full. Nothing of this call was recorded/,
      );
      expect(changedTables(before, await tableSums(h.ctx.db))).toEqual([]);
      expect(errors).toHaveBeenCalled();
      await mend();
      await request(h.app).post(path).set(admin).send(body).expect(200);
      expect(changedTables(before, await tableSums(h.ctx.db))).toContain(table);
    },
  );

  it('under a stream is told before anything was answered', async () => {
    const row = (i: number): string =>
      JSON.stringify({ id: `s${i}`, type: 'view', recipient: `r${i % 5}`, at });
    const mend = await failOn(h.ctx.db, 'events', '53100');
    const answer = await request(h.app)
      .post('/v1/events')
      .set(admin)
      .set('Content-Type', 'application/x-ndjson')
      .send(Array.from({ length: 10 }, (_, i) => row(i)).join('\n'));
    expect([answer.status, answer.body.code]).toEqual([507, 'database_full']);
    await mend();
  });
});
