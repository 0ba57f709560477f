import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { runInFolder } from '../support/command-line.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

let dataDir: string;
const now = Date.now();

const postulate = (...args: string[]) => runInFolder(dataDir, args);

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  const { ctx } = service;
  await registerSegment(ctx, { name: 'purchaser', when: { event: 'purchase' } });
  const events = Array.from({ length: 40 }, (_, i) => ({
    id: `e${i}`,
    type: 'purchase',
    recipient: `r${i % 32}`,
    at: new Date(now - (i % 2 === 0 ? 5 : 300) * 86_400_000 - i * 3_600_000).toISOString(),
  }));
  await recordEvents(ctx, events);
  await service.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('postulate segments', () => {
  it('judges everybody, lists segments and their members', async () => {
    expect((await postulate('segments', 'list')).out).toMatch(
      /purchaser@1 +– +not counted +bought at least once/,
    );
    expect((await postulate('segments', 'rebuild')).out).toBe(
      'purchaser: 32 members, 32 came in, 0 went out\n',
    );
    expect((await postulate('segments', 'rebuild', 'purchaser')).out).toBe(
      'purchaser: 32 members, as before\n',
    );
    const [segment] = JSON.parse((await postulate('segments', 'list', '--json')).out) as { size: object }[];
    expect(segment?.size).toMatchObject({ members: 32 });
    const members = (await postulate('segments', 'members', 'purchaser')).out.trim().split('\n');
    expect(members).toHaveLength(32);
    expect(JSON.parse(members[0] ?? '')).toMatchObject({
      recipient: expect.stringMatching(/^r\d+$/) as string,
    });
  });

  it('says what is wrong', async () => {
    expect((await postulate('segments')).code).toBe(2);
    expect((await postulate('segments', 'list', 'x')).code).toBe(2);
    const unknown = await postulate('segments', 'members', 'nobody');
    expect([unknown.code, unknown.err]).toEqual([1, 'There is no segment "nobody".\n']);
  });
});

describe('postulate personas', () => {
  it('clusters recipients, prints the tree and its agreement, and shows them again', async () => {
    const fitted = await postulate(
      'personas',
      'fit',
      'all',
      '--features',
      'recency_days:log,count(purchase, 400d)',
      '--personas',
      '2',
    );
    expect([fitted.code, fitted.err]).toEqual([0, '']);
    expect(fitted.out).toMatch(/^all@1: 2 personas of 32 people/);
    expect(fitted.out).toMatch(
      /The tree agrees with the clusters on [\d.]+ % of the people:\n {2}count\(purchase, 400d\) below 1.5/,
    );
    expect((await postulate('personas', 'show', 'all')).out).toBe(fitted.out);
  });

  it('is refused with a reason where there are no clusters to find', async () => {
    const constant = await postulate('personas', 'fit', 'all', '--features', 'last_open_days');
    expect([constant.code, constant.err]).toEqual([
      1,
      'No personas can be made: of 0 people all features are known, at least 30 are needed.\n',
    ]);
    expect((await postulate('personas', 'fit', 'all', '--features', 'nothing')).err).toContain(
      'features[0].feature',
    );
    expect((await postulate('personas', 'fit', 'all', '--personas', 'many')).code).toBe(1);
    expect((await postulate('personas', 'fit')).code).toBe(2);
  });
});
