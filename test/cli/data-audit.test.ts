import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { runInFolder } from '../support/command-line.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

let dataDir: string;

const audit = (...args: string[]) => runInFolder(dataDir, ['data-audit', ...args]);

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  await recordProfiles(service.ctx, [
    { recipient: 'a', traits: { country: 'AT', 'odd\u001b[31m': 1 } },
    { recipient: 'b', traits: { country: 'DE', plan: 'free' } },
    { recipient: 'c', traits: { country: 'Deutschland' } },
  ]);
  await service.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('postulate data-audit', () => {
  it('prints a table and ends with 1 when something is past its threshold', async () => {
    const usual = await audit('--required', 'country');
    expect([usual.code, usual.err]).toEqual([0, '']);
    expect(usual.out).toMatch(/^Profiles: 2, incomplete: 0 \(0\.0 %\)/);
    expect(usual.out).toMatch(/country +2 +100\.0 % +yes/);
    expect(usual.out).toMatch(/profiles +invalid_format +traits\.country +1/);
    expect(usual.out).toContain('Refunds above their order');
    expect(usual.out).toContain('All within the thresholds.');
    expect(usual.out).not.toContain('\u001b');
    const strict = await audit('--required', 'country,plan', '--max-incomplete', '0.4', '--max-refused', '0');
    expect(strict.code).toBe(1);
    expect(strict.out).toContain(
      '! 1 of 2 profiles are incomplete, more than 40 %: they lack one of country, plan.',
    );
    expect(strict.out).toContain('! 1 row was refused, more than 0.');
  });

  it('prints the same as JSON', async () => {
    const { code, out } = await audit('--json', '--required', 'nothing', '--days', '7');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ days: 7, completeness: { incomplete: 2, share: 1, past: true } });
  });

  it.each([
    [['--max-incomplete', '2'], '--max-incomplete is a number from 0 to 1, not "2".'],
    [['--days', 'ten'], '--days is a number'],
    [['--max-refused', ''], '--max-refused is a number'],
    [['--required=x', 'extra'], 'options only'],
    [['--max-incomplet', '0.1'], 'Did you mean'],
  ])('refuses %j with a sentence', async (args, sentence) => {
    const { code, out, err } = await audit(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});
