import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { timeOf } from '../../src/flows/read-orders.js';
import { runInFolder } from '../support/command-line.js';
import { shopLog } from '../strategies/ml/shop-world.js';

let folder: string;
let file: string;
const header = 'who,when,invoice,pieces,worth,kind';
const lines = [...shopLog(160).histories].flatMap(([who, history]) =>
  history
    .filter(({ type }) => type === 'purchase')
    .map(
      ({ at, id, category }) =>
        `${who},${new Date(at).toISOString().slice(0, 19)},i-${id},1,19.90,${category}`,
    ),
);
const write = (name: string, rows: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postulate-orders-'));
  file = write('orders.csv', [
    ...lines,
    ...lines.slice(0, 3),
    `,2024-01-01,i-1,1,1,shoes`,
    `r_1,2024-01-01,C-1,1,1,shoes`,
    `r_1,2024-01-01,i-2,-1,1,shoes`,
    `r_1,yesterday,i-3,1,1,shoes`,
    `r_1,2024-01-01,i-4,1,much,shoes`,
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const columns = [
  '--recipient',
  'who',
  '--time',
  'when',
  '--order',
  'invoice',
  '--quantity',
  'pieces',
  '--value',
  'worth',
];
const features = [
  '--features',
  'recency_days; count(purchase, 30d); category_counts(purchase)',
  '--estimator',
  'logistic',
];
const moment = ['--cut-off', '2024-04-01', '--horizon', '30d'];
const orders = (path: string, ...args: string[]) =>
  runInFolder(folder, ['evaluate', 'orders', path, ...columns, ...features, ...args]);
interface Answer {
  read: { used: number; lines: number; leftOut: { reason: string; lines: number }[] };
  report: { measures: { name: string; value: number; interval: [number, number] }[]; notes: string[] };
}

describe('postulate evaluate orders', () => {
  test('reads a file without a header when its columns are named', async () => {
    const bare = join(folder, 'bare.csv');
    writeFileSync(bare, `${lines.join('\n')}\n`);
    const asked = [...moment, '--task', 'churn', '--json'];
    const known = await orders(write('whole.csv', lines), ...asked);
    const found = await orders(bare, ...asked, '--columns', header);
    expect([found.code, found.out]).toEqual([0, known.out]);
    const { code, err } = await orders(bare, ...asked, '--columns', 'who,when');
    expect([code, err]).toEqual([1, expect.stringContaining('where 2 are named')]);
  });

  test('tells the next category of a shop of two tastes, and counts what it leaves out', async () => {
    const { code, out, err } = await orders(
      file,
      ...moment,
      '--task',
      'next-category',
      '--category',
      'kind',
      '--json',
    );
    expect([code, err]).toEqual([0, '']);
    const { read, report } = JSON.parse(out) as Answer;
    expect(read.used).toBe(lines.length);
    expect(read.lines).toBe(lines.length + 8);
    expect(Object.fromEntries(read.leftOut.map(({ reason, lines: n }) => [reason, n]))).toEqual({
      'the same line stands there before': 3,
      'no recipient': 1,
      'cancelled (the order begins with C)': 1,
      'returned (no pieces, or fewer)': 1,
      'the time cannot be read': 1,
      'the value is no number': 1,
    });
    expect(report.measures[0]).toMatchObject({ name: 'hit@1' });
    expect(report.measures[0]?.interval[0]).toBeGreaterThan(0.75);
    expect(report.notes).toContainEqual(expect.stringMatching(/^The model beats popularity: hit@1 \+/));
  });

  test('prints the protocol, the labels, and the baselines beside the model', async () => {
    const { code, out } = await orders(file, ...moment, '--task', 'churn');
    expect(code).toBe(0);
    for (const said of [
      /Time split\. Features as of 2024-04-01/,
      /learned at\s+2024-02-01, 2024-03-02/,
      /no purchase within 30 days: [\d,]+ rows/,
      /^recency +AUC/m,
      /^frequency +AUC/m,
      /The model (beats|is not shown to beat|does worse than) frequency/,
    ])
      expect(out).toMatch(said);
  });

  test('says the same again for the same seed', async () => {
    const ask = () => orders(file, ...moment, '--task', 'churn', '--seed', 'x', '--json');
    expect((await ask()).out).toBe((await ask()).out);
  });

  test.each<[string, string[], RegExp]>([
    [
      'a cut-off without its horizon',
      ['--cut-off', '2024-05-01', '--task', 'churn'],
      /do not reach a horizon beyond/,
    ],
    [
      'a cut-off before which there is nothing',
      ['--cut-off', '2023-11-01', '--task', 'churn'],
      /nothing was known/,
    ],
    ['a date that is none', ['--cut-off', 'soon', '--task', 'churn'], /--cut-off is a time/],
    [
      'a column that is not there',
      ['--cut-off', '2024-04-01', '--task', 'next-category', '--category', 'kin'],
      /has no column "kin".*Did you mean "?kind/s,
    ],
    [
      'an estimator that is none',
      ['--cut-off', '2024-04-01', '--task', 'churn', '--estimator', 'oracle'],
      /--estimator is one of/,
    ],
    [
      'an item file without columns',
      ['--cut-off', '2024-04-01', '--task', 'next-category', '--category', 'kind', '--items', 'x.csv'],
      /needs --item and --category/,
    ],
  ])('refuses %s in a sentence', async (_, args, message) => {
    const { code, err } = await orders(file, ...args);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });

  test('refuses what is too little, and says how much it takes', async () => {
    const few = write(
      'few.csv',
      lines.filter((line) => /^r_0000\d,/.test(line)),
    );
    const { code, err } = await orders(few, ...moment, '--task', 'churn');
    expect([code, err]).toEqual([1, expect.stringMatching(/takes 30 with and 30 without/)]);
    const none = write('none.csv', ['r_1,yesterday,i,1,1,shoes']);
    expect((await orders(none, ...moment, '--task', 'churn')).err).toMatch(/no order that could be used/);
  });

  test.each<[string[], RegExp]>([
    [['--task', 'churn'], /when the hold-out begins/],
    [['--cut-off', '2024-04-01'], /what to predict/],
    [['--cut-off', '2024-04-01', '--task', 'next-category'], /which column is the category/],
    [['--cut-off', '2024-04-01', '--task', 'churn', '--cut-offs', '0'], /from 1 to 24/],
  ])('asks for what is missing in %j', async (args, message) => {
    const { code, err } = await orders(file, ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  test.each([
    ['2010-12-01 08:26:00', Date.UTC(2010, 11, 1, 8, 26)],
    ['2010-12-01', Date.UTC(2010, 11, 1)],
    ['2010-12-01T08:26:00+01:00', Date.UTC(2010, 11, 1, 7, 26)],
    ['2010-13-01', undefined],
    ['1/2/2010', undefined],
    [undefined, undefined],
  ])('reads the time %s', (text, at) => {
    expect(timeOf(text)).toBe(at);
  });
});
