import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { runInFolder } from '../support/command-line.js';

let folder: string;
beforeAll(async () => {
  folder = await embeddedDataDir();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whole = ['spring', '--strategy', 'by-tier@2', '--metric', 'conversion'];

describe('postulate off-policy', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['no experiment', whole.slice(1), 2, /which experiment, by its key/],
    ['two experiments', ['autumn', ...whole], 2, /which experiment, by its key/],
    ['no strategy', ['spring', '--metric', 'conversion'], 2, /Give --strategy NAME@VERSION and --metric KEY/],
    ['no metric', ['spring', '--strategy', 'by-tier@2'], 2, /Give --strategy NAME@VERSION and --metric KEY/],
    ['an estimator that is none', [...whole, '--estimator', 'snip'], 2, /no estimator "snip"/],
    ['too few effective decisions', [...whole, '--least-effective', '1'], 2, /must be 2 or more; it was "1"/],
    ['effective decisions in words', [...whole, '--least-effective', 'some'], 2, /must be 2 or more/],
    ['an option that is none', [...whole, '--agianst', 'x'], 2, /agianst/],
    ['an experiment that is not there', whole, 1, /spring/],
  ])('refuses %s with a sentence', async (_, args, expected, words) => {
    const { code, out, err } = await runInFolder(folder, ['off-policy', ...args]);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });
});
