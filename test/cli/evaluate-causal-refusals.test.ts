import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decisions, log, options, trial } from '../support/causal-rows.js';
import { runInFolder } from '../support/command-line.js';
import { fileFolder } from '../support/file-folder.js';

const files = fileFolder();
const { file } = files;
const run = (...args: readonly string[]) => runInFolder(files.path, ['evaluate', ...args]);

/** The same with other values in the last column, by number of the row. */
const inLast = (lines: readonly string[], value: (row: number) => string): string[] =>
  lines.map((line, i) => (i === 0 ? line : line.replace(/[^,]*$/, value(i))));

describe('postulate evaluate uplift', () => {
  it.each<[string, readonly string[], readonly string[], number, RegExp]>([
    ['an arm that nobody is in', trial, ['--treated', 'mailing', '--features', 'likes'], 1, /Nobody is in the arm "mailing".* "mail", "none"/],
    ['a column that is not there', trial, ['--features', 'like'], 1, /Did you mean "likes"/],
    ['the outcome as a feature', trial, ['--features', 'visit'], 1, /nobody knows beforehand/],
    ['an outcome that is no yes or no', trial, ['--outcome', 'noise', '--features', 'likes'], 1, /as 1 or 0/],
    ['an estimator that is none', trial, ['--features', 'likes', '--estimator', 'boost'], 2, /There is no estimator "boost"/],
    ['settings that do not fit', trial, ['--features', 'likes', '--settings', '{"trees": 3}'], 1, /settings of least_squares/],
    ['a share that is none', trial, ['--features', 'likes', '--top', '0'], 2, /above 0 and at most 1/],
    ['an empty file', [''], ['--features', 'likes'], 1, /header|empty|column/],
    ['a header alone', trial.slice(0, 1), ['--features', 'likes'], 1, /no rows/],
    ['one row', trial.slice(0, 2), ['--features', 'likes'], 1, /Nobody is in the arm "none"/],
    ['a broken row', [...trial.slice(0, 9), 'mail,yes'], ['--features', 'likes'], 1, /Line 10/],
    ['an outcome that nobody has', trial.map((line) => line.replace(',yes,', ',no,')), ['--features', 'likes'], 1, /held out.*"visit".*same outcome/],
    ['an outcome that everybody has', trial.map((line) => line.replace(',no,', ',yes,')), ['--features', 'likes'], 1, /same outcome/],
    ['an outcome that is missing', trial.map((line, i) => (i === 3 ? line.replace(/,(yes|no),/, ',,') : line)), ['--features', 'likes'], 1, /"visit" holds "" in row 3:/],
    ['no control rows', trial.filter((line) => !line.startsWith('none')), ['--features', 'likes'], 1, /Nobody is in the arm "none".*"mail"/],
    ['no control rows to measure on', trial.map((line, i) => (i % 2 === 0 ? line.replace('none,', 'mail,') : line)), ['--features', 'likes'], 1, /held out \(split even-odd.*Nobody was in the control arm/],
    ['one arm twice', trial, ['--features', 'likes', '--control', 'mail'], 1, /both "mail": name two different arms/],
    ['the arm as the outcome', trial, ['--features', 'likes', '--outcome', 'arm'], 1, /both the arm and the outcome/],
    ['a feature of nothing but NaN', inLast(trial, () => 'NaN'), ['--features', 'noise'], 1, /"noise" holds "NaN" in row 1 .*leave the cell empty/],
    ['a NaN among numbers', inLast(trial, (i) => (i === 7 ? 'NaN' : '3')), ['--features', 'noise'], 1, /"NaN" in row 7 /],
    ['a number too large', inLast(trial, (i) => (i === 7 ? '1e999' : '3')), ['--features', 'noise'], 1, /"1e999" in row 7 /],
    ['a feature of names', [...trial, ...inLast(trial, (i) => `a${i}`), ...inLast(trial, (i) => `b${i}`), ...inLast(trial, (i) => `c${i}`)].filter((line, i) => i === 0 || !line.startsWith('arm')), ['--features', 'noise'], 1, /"noise" holds 1,[0-9]{3} different texts.*names, not categories.*Leave it out/],
    ['a share on top of 2', trial, ['--features', 'likes', '--top', '2'], 2, /--top must be above 0 and at most 1; it was "2"/],
    ['a share on top in words', trial, ['--features', 'likes', '--top', 'half'], 2, /--top .* it was "half"/],
    ['nobody treated by design', trial, ['--features', 'likes', '--treated-share', '0'], 2, /--treated-share must be between 0 and 1/],
    ['all treated by design', trial, ['--features', 'likes', '--treated-share', '1'], 2, /--treated-share must be between 0 and 1/],
    ['a delimiter of two signs', trial, ['--features', 'likes', '--delimiter', 'ab'], 2, /--delimiter is one character/],
    ['no feature', trial, ['--features', ' , '], 1, /at least one feature/],
  ])('refuses %s with a sentence', async (_, lines, more, expected, words) => {
    const path = await file('bad.csv', lines);
    const { code, err, out } = await run('uplift', path, ...options, ...more);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(words);
  }); // prettier-ignore
});

describe('files that are not what they should be', () => {
  const [whole, text] = [Buffer.from(trial.join('\n')), gzipSync(trial.join('\n'))];
  const damaged = Buffer.from(text).fill(0xff, 40, 60);
  const uplift = ['uplift', ...options, '--features', 'likes'];
  const policy = ['policy', '--action', 'arm', '--probability', '0.5', '--reward', 'noise', '--policy', 'mail']; // prettier-ignore

  it.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['a header alone', Buffer.from(trial[0] ?? ''), /a header but no rows/],
    ['half a gzip', text.subarray(0, text.length / 2), /ends in the middle of its gzip data: copy or pack it again/],
    ['a damaged gzip', damaged, /damaged gzip data .*copy or pack it again/],
    ['Latin-1', Buffer.from(trial.join('\n').replaceAll('shoes', 'scüh'), 'latin1'), /Line 2 .*not valid UTF-8/],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole.toString(), 'utf16le')]), /Save it as UTF-8/],
  ])('%s is refused with a sentence', async (_, bytes, words) => {
    const path = join(files.path, 'odd.csv');
    await writeFile(path, bytes);
    for (const [name = '', ...more] of [uplift, policy]) {
      const { code, out, err } = await run(name, path, ...more);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(words);
    }
  }); // prettier-ignore

  it('says the row of the file, whichever rows take part', async () => {
    const other = ['arm,visit,likes,noise', 'other,maybe,,x', 'other,maybe,,x', ...trial.slice(1, 9), 'none,maybe,shoes,1']; // prettier-ignore
    const path = await file('other.csv', other);
    const { err } = await run('uplift', path, ...options, '--features', 'likes');
    expect(err).toContain('holds "maybe" in row 11:');
    const noise = await file('noise.csv', [...other.slice(0, -1), 'none,no,shoes,nan']);
    expect((await run('uplift', noise, ...options, '--features', 'noise')).err).toContain('"nan" in row 11 ');
  });

  it('measures a feature of one value as the chance it is, and says that there is nothing to compare', async () => {
    const path = await file(
      'one.csv',
      inLast(trial, () => '5'),
    );
    const { code, out } = await run('uplift', path, ...options, '--features', 'noise', '--samples', '20');
    expect(code).toBe(0);
    expect(out).toMatch(/noise, highest first +0\.0000/);
    expect(out).toContain('No learner could learn, so there is nothing to compare.');
  });
});

describe('postulate evaluate policy', () => {
  it.each(['0', '-0.5', '1.5', 'NaN', '', 'half', 'Infinity'])(
    'refuses "%s" as a logged probability',
    async (p) => {
      const path = await file(
        'odd-p.csv',
        log.map((line, i) => (i === 8 ? line.replace('0.5', p) : line)),
      );
      const { code, out, err } = await run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'a', '--split', 'even-odd'); // prettier-ignore
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(`Column "p" holds "${p}" in row 8: `);
    },
  );

  it.each<[string, readonly string[], number, RegExp]>([
    ['a column of probabilities', ['--probability', 'pp'], 1, /no column "pp". Did you mean "p"/],
    ['a reward', ['--reward', 'vist'], 1, /no column "vist". Did you mean "visit"/],
    ['a column of a rule', ['--policy', 'agee < 4: b; else: a'], 1, /no column "agee". Did you mean "age"/],
    ['a probability', ['--probability', '1/0'], 2, /above 0 and at most 1/],
    ['a delimiter', ['--delimiter', 'ab'], 2, /one character/],
  ])('refuses %s that is not there', async (_, more, expected, words) => {
    const path = await file('log.csv', log);
    const { code, out, err } = await run('policy', path, ...decisions, '--policy', 'a', ...more);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(words);
  });

  it('gives no value where nothing was left to chance or all rewards are alike', async () => {
    const sure = await file(
      'sure.csv',
      log.map((line) => line.replace('0.5', '1')),
    );
    const ask = (path: string) => run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'a'); // prettier-ignore
    expect((await ask(sure)).out).toMatch(/nothing was left to\s+chance/);
    for (const same of ['0', '1']) {
      const path = await file('same.csv', log.map((line, i) => (i === 0 ? line : line.replace(/[01](?=,\d+$)/, same)))); // prettier-ignore
      expect((await ask(path)).out).toMatch(/brought\s+the\s+same/);
    }
  });
});
