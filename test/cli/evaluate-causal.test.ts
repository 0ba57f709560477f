import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyEvaluation } from '../../src/flows/evaluate-policy.js';
import type { UpliftEvaluation } from '../../src/flows/evaluate-uplift.js';
import { runInFolder } from '../support/command-line.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: readonly string[]) => runInFolder(folder, ['evaluate', ...args]);

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** 400 recipients; the mail helps the half who like shoes, and never anybody else. */
const trial = [
  'arm,visit,likes,noise',
  ...Array.from({ length: 400 }, (_, i) => {
    const mail = i % 4 < 2;
    const shoes = i % 3 === 0;
    const visit = mail && shoes ? i % 5 !== 0 : i % 10 < 2;
    return `${mail ? 'mail' : 'none'},${visit ? 'yes' : 'no'},${shoes ? 'shoes' : 'hats'},${(i * 37) % 101}`;
  }),
];
/** The same with other values in the last column, by number of the row. */
const inLast = (lines: readonly string[], value: (row: number) => string): string[] =>
  lines.map((line, i) => (i === 0 ? line : line.replace(/[^,]*$/, value(i))));
const options = ['--arm', 'arm', '--treated', 'mail', '--control', 'none', '--outcome', 'visit'];

describe('postulate evaluate uplift', () => {
  it('prints the protocol, the learners, the single columns and a verdict', async () => {
    const path = await file('trial.csv', trial);
    const { code, out } = await run(
      'uplift',
      path,
      ...options,
      '--features',
      'likes,noise',
      '--samples',
      '50',
    );
    expect(code).toBe(0);
    for (const part of ['PROTOCOL', 'LEARNERS', 'SINGLE COLUMNS', 'BY TENTH OF TWO-MODEL', 'VERDICT']) expect(out).toContain(part); // prettier-ignore
    expect(out).toMatch(/One column \(likes = shoes first\) (does as well as|ranks better than) two-model/);
    expect(out).toContain('rows 0, 2, 4, … of the file to learn from');
    expect(out).toMatch(
      /Qini, uplift AUC: area over the line of a random ranking, as a share of that of a perfect/,
    );
    expect(out).toMatch(/Uplift@30%: treated less control among the first floor\(n × 0\.3\)/);
  });

  it.each(['logistic', 'boosting'])('learns with %s and answers the same each time', async (estimator) => {
    const path = await file('trial.csv', trial);
    const ask = () => run('uplift', path, ...options, '--features', 'likes,noise', '--estimator', estimator, '--learner', 'class-transformation', '--samples', '20', '--split', 'random', '--json'); // prettier-ignore
    const { code, out, err } = await ask();
    expect([code, err]).toEqual([0, '']);
    expect((await ask()).out).toBe(out);
    const { learners, protocol } = JSON.parse(out) as UpliftEvaluation;
    expect(learners.map(({ name }) => name)).toEqual(['class-transformation']);
    expect(protocol.join(' ')).toContain('which flatters');
  });

  it('refuses a learner that cannot learn and gives the others', async () => {
    const none = trial.map((line) => (line.startsWith('none') ? line.replace('yes', 'no') : line));
    const path = await file('none.csv', none);
    const { out } = await run('uplift', path, ...options, '--features', 'likes', '--samples', '20', '--json');
    const { learners } = JSON.parse(out) as UpliftEvaluation;
    expect(learners[0]!.figures).toMatchObject({ refused: true, code: 'one_label' });
    expect(learners.at(-1)!.figures).toHaveProperty('qini');
  });

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
    const path = join(folder, 'odd.csv');
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

/** 300 decisions by lot between two mails, of which b is better for the young. */
const log = [
  'mail,p,visit,age',
  ...Array.from({ length: 300 }, (_, i) => {
    const [b, age] = [i % 2, 20 + ((i * 7) % 50)];
    return `${b === 1 ? 'b' : 'a'},0.5,${(b === 1) === age < 40 && i % 3 > 0 ? 1 : 0},${age}`;
  }),
];
const decisions = ['--action', 'mail', '--probability', '0.5', '--reward', 'visit'];

describe('postulate evaluate policy', () => {
  it('values rules and compares them with others', async () => {
    const path = await file('log.csv', log);
    const { code, out } = await run('policy', path, ...decisions, '--policy', 'age < 40: b; else: a', '--against', 'a'); // prettier-ignore
    expect(code).toBe(0);
    expect(out).toContain('shown to be better');
    const column = await run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'age < 40: b; else: a', '--against', 'a'); // prettier-ignore
    expect(column.out.split('VALUE')[1]).toBe(out.split('VALUE')[1]);
  });

  it.each(['ips', 'snips', 'dr'])('by %s, with every figure stated', async (estimator) => {
    const path = await file('log.csv', log);
    const { out } = await run('policy', path, ...decisions, '--policy', '"age" >= 40: a; else: b', '--estimator', estimator, '--json'); // prettier-ignore
    const { policy } = JSON.parse(out) as PolicyEvaluation;
    expect(policy).toMatchObject({ estimator, value: { weights: { clipped: 0 } } });
    expect('value' in policy.value ? policy.value.value : 0).toBeCloseTo(2 / 3, 0);
  });

  it('learns a policy on some rows and values it on the others', async () => {
    const path = await file('log.csv', log);
    const { out } = await run('policy', path, ...decisions, '--policy', 'learned', '--against', 'a', '--features', 'age', '--split', 'random', '--least-effective', '30'); // prettier-ignore
    expect(out).toContain('150 of them valued');
    expect(out).toContain('shown to be better');
  });

  it('refuses a log with a few huge weights, and what was never done', async () => {
    const huge = log.map((line, i) => (i === 0 ? line : line.replace('0.5', i < 4 ? '0.00001' : '0.9')));
    const path = await file('huge.csv', huge);
    const few = await run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'a'); // prettier-ignore
    expect([few.code, few.out]).toEqual([0, expect.stringContaining('few_effective')]);
    const never = await run('policy', path, ...decisions, '--policy', 'age < 40: c; else: a');
    expect(never.out).toContain('no_support');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no else', ['--policy', 'age < 40: b'], /everybody gets something/],
    ['a rule after else', ['--policy', 'else: a; age < 3: b'], /never be reached/],
    ['no comparison', ['--policy', 'young: b; else: a'], /is no comparison/],
    ['a rule without a condition', ['--policy', 'b; else: a'], /has no condition/],
    ['nothing', ['--policy', ' ; '], /There is no rule/],
    ['two colons', ['--policy', 'age < 40: b: c; else: a'], /two colons/],
    ['the reward as a condition', ['--policy', 'visit = 1: b; else: a'], /nobody knows before/],
    ['a learned policy without rows to learn from', ['--policy', 'learned'], /needs --features/],
  ])('refuses %s with a sentence', async (_, more, words) => {
    const path = await file('log.csv', log);
    const { code, err } = await run('policy', path, ...decisions, ...more);
    expect(code).toBe(1);
    expect(err).toMatch(words);
  });

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

  it('refuses a probability of 0 and a text among rewards', async () => {
    const path = await file('log.csv', log);
    const zero = await run('policy', path, ...decisions, '--probability', '0', '--policy', 'a');
    expect([zero.code, zero.err]).toEqual([2, expect.stringContaining('above 0')]);
    const words = await run('policy', path, '--action', 'age', '--probability', '0.5', '--reward', 'mail', '--policy', 'a'); // prettier-ignore
    expect([words.code, words.err]).toEqual([1, expect.stringContaining('must be a number')]);
  });
});

const hillstrom = join(import.meta.dirname, '../../../shared/data/hillstrom.csv.gz');

describe.skipIf(!existsSync(hillstrom))('on the published Hillstrom file', () => {
  const policy = 'womens=1 and mens=0: Womens E-Mail; else: Mens E-Mail';
  const ask = (...more: readonly string[]) =>
    run('policy', hillstrom, '--action', 'segment', '--against', 'Mens E-Mail', ...more);

  it('gives the published values and differences', async () => {
    const { out } = await ask('--probability', '0.333333', '--reward', 'visit', '--policy', policy);
    for (const figure of ['0.184233', '0.182757', '+0.002156', 'se 0.002664', 'z 0.81']) expect(out).toContain(figure); // prettier-ignore
    const spend = await ask('--probability', '1/3', '--reward', 'spend', '--policy', policy);
    expect(spend.out).toMatch(/\+0\.01129\d {2}se 0\.0941/);
  });

  it('gives the published values of a learned policy, which is not shown to be better', async () => {
    const learned = ['--policy', 'learned', '--learn-on', 'visit', '--split', 'even-odd', '--features', 'recency,history,mens,womens,newbie,zip_code,channel']; // prettier-ignore
    const visit = await ask('--probability', '1/3', '--reward', 'visit', ...learned);
    for (const figure of ['0.1847', '0.1823', 'not shown to be better']) expect(visit.out).toContain(figure);
    const spend = await ask('--probability', '1/3', '--reward', 'spend', ...learned);
    for (const figure of ['1.629', '1.813', 'not shown to be better']) expect(spend.out).toContain(figure);
  });

  it('says that one column does as well', async () => {
    const { out } = await run('uplift', hillstrom, '--arm', 'segment', '--treated', 'Womens E-Mail', '--control', 'No E-Mail', '--outcome', 'visit', '--features', 'recency,history,mens,womens,newbie,zip_code,channel', '--learner', 'two-model', '--learner', 'class-transformation', '--samples', '60'); // prettier-ignore
    expect(out).toMatch(/class-transformation +0\.0571 .* 0\.0259 .* 0\.0752/);
    expect(out).toMatch(/two-model +0\.0650 .* 0\.0297 .* 0\.0795/);
    expect(out).toMatch(/womens, highest first +0\.0678 .* 0\.0311 .* 0\.0778/);
    expect(out).toMatch(/history, highest first +-0\.0053 .* -0\.0026 .* 0\.0452/);
    expect(out).toContain('One column (womens, highest first) does as well as two-model');
  });
});
