import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnPicks, openTwoTastes, personOf } from '../flows/two-tastes.js';
import { runInFolder } from '../support/command-line.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

let dataDir: string;
const cli = (...args: string[]) => runInFolder(dataDir, ['cf', ...args]);

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  await openTwoTastes(service.ctx);
  await learnPicks(service.ctx);
  await service.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('postulate cf', () => {
  it('shows neighbours by the ids of the sender, with how many or which items they share', async () => {
    const { code, out, err } = await cli('neighbours', personOf(0));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`${personOf(0)}: 4 items known; by picks/1, which learned until `);
    expect(out).toMatch(/Recipient +Similarity +Shared\n/);
    expect(out).toMatch(new RegExp(`${personOf(10)} +\\d\\.\\d{4} +\\d\\n`));
    const named = await cli('neighbours', personOf(0), '--items', '--most', '2', '--model', 'picks');
    expect(named.out.trim().split('\n')).toHaveLength(5);
    // Which of those who are equally alike come first is a matter of their pseudonyms.
    expect(named.out).toMatch(/ \d\.\d{4} +[a-z]+, [a-z]+(, [a-z]+)*\n/);
    const json = JSON.parse((await cli('neighbours', personOf(0), '--json')).out) as object;
    expect(json).toMatchObject({ recipient: personOf(0), method: 'user_knn' });
  });

  it('makes lists, and says what came of it', async () => {
    const { code, out } = await cli('lists', 'picks');
    expect(code).toBe(0);
    expect(out).toMatch(/^picks: 20 lists of 20 recipients by model picks\/1, as of \S+Z\n$/);
    expect(await cli('lists', 'none')).toMatchObject({ code: 1, out: '' });
  });

  it('refuses what it cannot do, with the way out', async () => {
    expect(await cli('neighbours', 'nobody')).toMatchObject({ code: 1, out: '' });
    expect((await cli('neighbours', personOf(0), '--most', '0')).err).toContain('from 1 to 100, not "0"');
    expect((await cli('similar', 'gone')).err).toContain('knows no item "gone"');
    for (const args of [[], ['neighbours'], ['guess', 'x'], ['lists', 'a', 'b']])
      expect((await cli(...args)).code).toBe(2);
    expect((await cli('--help')).out).toContain('Exit code');
  });
});
