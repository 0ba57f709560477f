import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/evaluation/random.js';
import type { PropensityEvaluation } from '../../src/flows/evaluate-propensity.js';
import { runInFolder } from '../support/command-line.js';

let folder: string;
let file: string;
const random = seededRandom('rows');
const data = Array.from({ length: 600 }, (_, i) => {
  const recency = 1 + random.below(12);
  const channel = ['Web', 'Phone', 'Shop, main street'][random.below(3)]!;
  const odds = Math.exp(0.6 - 0.25 * recency + (channel === 'Web' ? 1 : 0));
  const bought = random.next() < odds / (1 + odds);
  const day = new Date(Date.UTC(2026, 0, 1 + Math.floor(i / 5))).toISOString().slice(0, 10);
  return {
    id: `r${i % 400}`,
    recency,
    channel,
    sent: day,
    age: i % 7 === 0 ? '' : 20 + random.below(50),
    bought,
  };
});
const csv = (rows = data, yes = 'yes', no = 'no'): string =>
  [
    'id,recency,channel,sent,age,bought',
    ...rows.map((r) => `${r.id},${r.recency},"${r.channel}",${r.sent},${r.age},${r.bought ? yes : no}`),
  ].join('\n') + '\n';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'propensity-'));
  file = written('rows.csv', csv());
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const usual = ['--outcome', 'bought', '--all-but', 'id,sent', '--split', 'time:sent:0.7'];
const run = (path: string, ...args: string[]) =>
  runInFolder(folder, ['evaluate', 'propensity', path, ...args]);

async function evaluated(path: string, ...args: string[]): Promise<PropensityEvaluation> {
  const { code, out, err } = await run(path, ...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as PropensityEvaluation;
}

describe('postulate evaluate propensity', () => {
  it('prints protocol, measures, baselines, calibration, features and a tree, the same each time', async () => {
    const { code, out, err } = await run(file, ...usual);
    expect(err).toBe('');
    expect(code).toBe(0);
    for (const part of [
      'Propensity: bought in rows.csv',
      'Split (time): Learned from what lies before sent 2026-',
      /AUC {2,}0\.\d{5} {2}0\.\d{5} to 0\.\d{5}/,
      'base rate',
      /best single column: (recency|channel)/,
      /Predicted {2}observed/,
      /age {2,}number {2,}1\d\.\d %/,
      'a tree that imitates',
    ]) {
      expect(out).toMatch(typeof part === 'string' ? new RegExp(part.replace(/[()]/g, '\\$&')) : part);
    }
    expect((await run(file, ...usual)).out).toBe(out);
  });

  it('reads a file without a header, and one to measure on, when the columns are named', async () => {
    const rowsOf = (text: string): string => text.replace(/^.*\n/, '');
    const [first, second] = [data.slice(0, 420), data.slice(420)];
    const asked = (path: string) => [
      '--outcome',
      'bought',
      '--all-but',
      'id,sent',
      '--split',
      `test-file:${path}`,
    ];
    const whole = asked(written('second.csv', csv(second)));
    const known = await evaluated(written('first.csv', csv(first)), ...whole);
    const bare = asked(written('bare-2.csv', rowsOf(csv(second))));
    const path = written('bare-1.csv', rowsOf(csv(first)));
    const found = await evaluated(path, ...bare, '--columns', 'id,recency,channel,sent,age,bought');
    expect(found.report.measures).toEqual(known.report.measures);
    const { code, err } = await run(file, ...usual, '--columns', 'id,recency,channel,sent,age,bought');
    expect([code, err]).toEqual([1, expect.stringContaining('leave out the names')]);
  });

  it('reads the same from gzip, semicolons, quotes, CRLF and other words for yes', async () => {
    const plain = (await evaluated(file, ...usual)).report.measures;
    const odd = csv(data, '1', '0')
      .replaceAll('Shop, main street', 'Shop main street')
      .replaceAll(',', ';')
      .replaceAll('\n', '\r\n');
    for (const path of [
      written('rows.csv.gz', gzipSync(csv(data, 'TRUE', 'FALSE'))),
      written('semicolons.csv', odd),
      written(
        'quoted.csv',
        csv().replace(/^.*$/gm, (line) => line.replace(/(?<=^|,)([^",]+)(?=,|$)/g, '"$1"')),
      ),
    ]) {
      expect((await evaluated(path, ...usual)).report.measures).toEqual(plain);
    }
    const named = await evaluated(
      written('other.csv', csv(data, 'sold', 'lost')),
      ...usual.with(1, 'bought=sold'),
    );
    expect(named.report.measures).toEqual(plain);
    expect(named.outcome).toBe('bought = sold');
  });

  it('splits as it says', async () => {
    const sizes = async (...split: string[]) => {
      const { learned, heldOut, report } = await evaluated(file, ...usual.slice(0, 4), '--split', ...split);
      return [learned.rows, heldOut.rows, report.split.kind];
    };
    expect(await sizes('even-odd')).toEqual([300, 300, 'random']);
    expect(await sizes('order:0.75')).toEqual([450, 150, 'time']);
    expect(await sizes(`test-file:${file}`)).toEqual([600, 600, 'none']);
    const [learned, heldOut] = await sizes('random:0.25', '--recipient', 'id');
    expect(heldOut).toBeGreaterThan(100);
    expect(learned).toBe(600 - Number(heldOut));
    const byTime = await evaluated(file, ...usual);
    expect(byTime.learned.rows).toBe(420);
    expect(byTime.report.window).toEqual({
      from: '2026-01-01T00:00:00.000Z',
      until: '2026-03-26T00:00:00.000Z',
    });
    const byChance = await evaluated(file, ...usual.slice(0, 4), '--split', 'random:0.5');
    expect(byChance.report.split.note).toContain('flatters');
    expect(byChance.report.split.note).toContain('"sent"');
  });

  it('compares, searches and eliminates on the rows to learn from', async () => {
    const { report, search, estimator } = await evaluated(
      file,
      ...usual,
      '--compare',
      '--search',
      '--eliminate',
    );
    expect(report.candidates?.rows.map(({ name }) => name).sort()).toEqual([
      'boosting',
      'forest',
      'logistic',
      'network',
    ]);
    expect(report.candidates?.foldsHash).toMatch(/^sha256:/);
    expect(search?.length).toBeGreaterThan(3);
    expect(search?.map(({ settings }) => (settings as { ridge: number }).ridge)).toContain(
      (estimator.settings as { ridge: number }).ridge,
    );
    expect(report.elimination?.map(({ left }) => left)).toEqual([3, 2, 1]);
    expect(report.features?.length).toBeLessThanOrEqual(3);
  });

  it('counts what is left out: rows without the outcome, and the header standing there again', async () => {
    const many = csv([...data, ...data]).replace('\n', '\nr1,3,Web,2026-01-01,30,\n');
    const lines = many.split('\n');
    lines.splice(500, 0, lines[0]!);
    const { code, out, err } = await run(written('gaps.csv', lines.join('\n')), ...usual);
    expect(code).toBe(0);
    expect(out).toContain('1 rows with no "bought"');
    expect(err).toContain('line 501: the header stands here again');
  });

  it('takes a category never seen in learning for a missing one, and says so', async () => {
    const rows = data.map((row, i) => (i > 550 ? { ...row, channel: 'Moon' } : row));
    const { out, code } = await run(written('moon.csv', csv(rows)), ...usual);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'channel holds a category that was never seen in learning in 49 rows',
    );
  });

  it('takes numbers for categories where asked to', async () => {
    const typeOf = async (...more: string[]) =>
      (await evaluated(file, ...usual, ...more)).report.features?.find(({ name }) => name === 'recency')
        ?.type;
    expect(await typeOf()).toBe('number');
    expect(await typeOf('--as-text', 'recency')).toBe('category');
  });

  it('goes on with a column of nothing, and with one category per row', async () => {
    const wide = csv()
      .split('\n')
      .map((line, i) => (i === 0 ? `${line},empty,key` : line === '' ? '' : `${line},NaN,k${i}`));
    const { report } = await evaluated(written('wide.csv', wide.join('\n')), ...usual);
    expect(report.features?.find(({ name }) => name === 'empty')).toMatchObject({
      missing: 1,
      importance: { value: 0 },
    });
    expect(report.notes.join(' ')).toContain('key has a category for nearly every row');
  });
});

describe('what cannot be evaluated is refused with a sentence', () => {
  const alike = (yes: boolean) => csv(data.map((row) => ({ ...row, bought: yes })));
  it.each([
    ['an empty file', '', usual, /empty/],
    ['a header alone', 'id,recency,channel,sent,age,bought\n', usual, /header but no rows/],
    ['one row', csv(data.slice(0, 1)), usual, /split leaves no rows/],
    ['labels all 0', alike(false), usual, /All 420 rows have the label 0/],
    ['labels all 1', alike(true), usual, /All 420 rows have the label 1/],
    [
      'an outcome that is none',
      csv(data, 'maybe', 'no'),
      usual,
      /Line \d+: column "bought" holds "maybe".*bought=VALUE/,
    ],
    [
      'a column twice',
      csv().replace('age', 'recency'),
      usual.with(3, 'id'),
      /"recency" stands in the header more than once/,
    ],
    ['a wrong name', csv(), usual.with(1, 'bougth'), /no column "bougth".* Did you mean "bought"\?/],
    [
      'a wrong feature',
      csv(),
      ['--outcome', 'bought', '--features', 'recensy', '--split', 'even-odd'],
      /Did you mean "recency"/,
    ],
    [
      'the outcome as a feature',
      csv(),
      ['--outcome', 'bought', '--features', 'bought', '--split', 'even-odd'],
      /cannot be one of the features/,
    ],
    [
      'a value that is not there',
      csv(),
      usual.with(1, 'bought=yse'),
      /No row has "yse" in "bought"\. It holds "yes", "no"/,
    ],
    ['a time that is none', csv(), usual.with(5, 'time:channel:0.8'), /"channel" holds .* no time/],
    [
      'an estimator that there is not',
      csv(),
      [...usual, '--estimator', 'bosting'],
      /Did you mean "boosting"/,
    ],
    ['a setting that there is not', csv(), [...usual, '--settings', '{"rigde": 1}'], /rigde/],
    [
      'features that do not vary',
      csv(data.map((row) => ({ ...row, recency: 3 }))),
      ['--outcome', 'bought', '--features', 'recency', '--split', 'even-odd'],
      /No column varies/,
    ],
  ])('%s', async (_, content, args, sentence) => {
    const { code, out, err } = await run(written('bad.csv', content), ...args);
    expect(err.replace(/\s+/g, ' ')).toMatch(sentence);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  it.each([
    ['no file', []],
    ['no outcome', ['x.csv', '--features', 'a', '--split', 'even-odd']],
    ['no features', ['x.csv', '--outcome', 'y', '--split', 'even-odd']],
    [
      'features twice over',
      ['x.csv', '--outcome', 'y', '--features', 'a', '--all-but', 'b', '--split', 'even-odd'],
    ],
    ['no split', ['x.csv', '--outcome', 'y', '--features', 'a']],
    ['a split that is none', ['x.csv', '--outcome', 'y', '--features', 'a', '--split', 'time:0.8']],
    ['a share of 1', ['x.csv', '--outcome', 'y', '--features', 'a', '--split', 'random:1']],
    [
      'settings that are no JSON',
      ['x.csv', '--outcome', 'y', '--features', 'a', '--split', 'even-odd', '--settings', '{a}'],
    ],
    ['one fold', ['x.csv', '--outcome', 'y', '--features', 'a', '--split', 'even-odd', '--folds', '1']],
  ])('wrong usage: %s', async (_, args) => {
    const { code, out, err } = await runInFolder(folder, ['evaluate', 'propensity', ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(/\w+/);
    expect(out).toBe('');
  });
});
