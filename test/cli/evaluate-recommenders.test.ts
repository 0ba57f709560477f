import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../../src/evaluation/random.js';
import { runInFolder } from '../support/command-line.js';
import { measuredIn, resultOf, valueOf } from './measured-recommenders.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recommenders-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: readonly string[]) => runInFolder(folder, ['evaluate', 'recommenders', ...args]);

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const header = 'recipient,item,at,stars';

/** Sixty recipients who like one of two kinds of items, one after the other. */
const rows = Array.from({ length: 60 }, (_, r) => {
  const random = seededRandom(`recipient ${r}`);
  const kind = r % 2 === 0 ? 'tea' : 'boots';
  const liked = shuffled(12, random).subarray(0, r % 3 === 0 ? 5 : 10);
  return Array.from(liked, (n, at) => `p${r},${kind}-${n},${1_000 * r + at},${1 + ((n + r) % 5)}`);
}).flat();

const options = ['--time', 'at', '--draws', '100'];

const measured = (...args: readonly string[]) => measuredIn(folder, ...args);

describe('postulate evaluate recommenders', () => {
  it('prints protocol, methods, differences and cohorts', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const { code, out } = await run(path, ...options, '--methods', 'popular,item_knn,user_knn,als:factors=2:sweeps=3', '--seeds', '2'); // prettier-ignore
    expect(code).toBe(0);
    for (const part of ['MATRIX', 'PROTOCOL', 'METHODS (95 % intervals below)', 'nDCG@10 AGAINST popular', 'COHORTS BY WHAT IS KNOWN']) expect(out).toContain(part); // prettier-ignore
    expect(out).toContain('of each recipient the last floor(n / 5), by at, then item');
    expect(out).toContain('als:factors=2:sweeps=3: mean of 2');
    expect(out).toMatch(/item_knn +\+0\.\d{4} +0\.\d{4} to 0\.\d{4} +better/);
    // Of five four are learned from, of ten eight: nobody has twenty, and the table does not say so.
    const cohorts = out.split('COHORTS')[1] ?? '';
    expect(cohorts).toMatch(/^ +1-4 +20 +popular/m);
    expect(cohorts).toMatch(/^ +5-19 +40 +popular/m);
    expect(cohorts).not.toContain('20+');
    expect(await run(path, ...options, '--bounds', '5', '--methods', 'popular')).toMatchObject({
      out: expect.stringMatching(/^ +5\+ +40 +popular/m) as string,
    });
  });

  it('measures again with the latest of each history only', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const asked = [path, ...options, '--methods', 'popular,item_knn,als:factors=2', '--seeds', '2'];
    const { histories, ...rest } = await measured(...asked, '--against', 'item_knn', '--history', '1,5,900');
    // Of five four are learned from, of ten eight.
    expect(histories?.map(({ length, shortened }) => [length, shortened])).toEqual([[1, 60], [5, 40], [900, 0]]); // prettier-ignore
    // With histories that nobody's is longer than, all is as it is without.
    const { protocol, ...plain } = await measured(...asked, '--against', 'item_knn');
    expect({ ...rest, protocol: rest.protocol.filter(({ what }) => what !== 'histories') }).toEqual({ ...plain, protocol }); // prettier-ignore
    for (const { method, ndcg, difference } of histories?.[2]?.methods ?? []) {
      expect({ ndcg, difference }).toEqual({
        ndcg: resultOf(rest, method).measures.ndcg,
        difference: resultOf(rest, method).difference,
      });
    }
    const [one] = histories ?? [];
    // Best sellers look at nobody; neighbours of one item know less than those of all.
    expect(one?.methods[0]?.ndcg).toEqual(resultOf(rest, 'popular').measures.ndcg);
    expect(one?.methods[1]?.ndcg).not.toEqual(resultOf(rest, 'item_knn').measures.ndcg);
    const { out } = await run(...asked, '--against', 'item_knn', '--history', '1,5,900');
    expect(out.replace(/\s+/g, ' ')).toContain('shown to the methods with the latest 1, 5, 900 of their own only, by at'); // prettier-ignore
    const table = out.split(
      'nDCG@10 WITH THE LATEST OF EACH HISTORY ONLY (differences: to item_knn, paired)',
    )[1];
    expect(table).toMatch(/^ +latest +shortened +popular +item_knn +als:factors=2$/m);
    expect(table).toMatch(/^ +1 +60 +nDCG( +0\.\d{4}){3}$/m);
    expect(table).toMatch(/^ +900 +0 +nDCG/m);
    expect(table).toMatch(/^ +all +0 +nDCG/m);
    expect(table?.match(/^ +difference( +[+-]0\.\d{4}){2}$/gm)).toHaveLength(4);
  });

  it('knows the attributes of a file of items', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const all = [...new Set(rows.map((row) => row.split(',')[1] ?? ''))];
    const items = await file('items.csv', [
      'item;kind;price',
      ...all.map((id) => `${id};${Number(id.split('-')[1]) % 3};1`),
    ]);
    const asked = [path, ...options, '--methods', 'hybrid', '--seeds', '1'];
    const plain = resultOf(await measured(...asked), 'hybrid');
    const given = await measured(...asked, '--items', items, '--item-attributes', 'kind,price');
    expect(given.files).toMatchObject([{ rows: rows.length }, { name: 'items.csv', rows: all.length }]);
    expect(resultOf(given, 'hybrid').measures.ndcg).not.toEqual(plain.measures.ndcg);
    const missing = await run(...asked, '--items', items, '--item-attributes', 'colour');
    expect([missing.code, missing.out]).toEqual([1, '']);
    expect(missing.err).toContain('colour');
  });

  it('says the same of rows in any order, from gzip, and with a row said twice', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const first = await measured(path, ...options, '--methods', 'popular,user_knn');
    const order = [...shuffled(rows.length, seededRandom('order'))].map((i) => rows[i] ?? '');
    const zipped = join(folder, 'shop.csv.gz');
    await writeFile(zipped, gzipSync([header, ...order, rows[7]].join('\n')));
    const second = await measured(zipped, ...options, '--methods', 'popular,user_knn');
    expect(second.methods).toEqual(first.methods);
    expect(second.protocol.find(({ what }) => what === 'repeated')?.how).toContain('1 rows say again');
  });

  it('says the same of a file without a header, of any delimiter, when its columns are named', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const { files: _, ...known } = await measured(path, ...options, '--methods', 'popular,user_knn');
    for (const sign of [',', ';', '\t']) {
      const bare = await file(
        'bare.csv',
        rows.map((row) => row.replaceAll(',', sign)),
      );
      const asked = ['--columns', 'recipient,item,at,not used', '--methods', 'popular,user_knn'];
      const { files, ...found } = await measured(bare, ...options, ...asked);
      expect(found).toEqual(known);
      expect(files[0]?.rows).toBe(rows.length);
    }
  });

  it.each([
    ['user,item,at', 1, /has 4 columns, with a comma between, where 3 are named/],
    ['recipient,item,at,', 2, /a name is empty/],
    ['recipient,item,at,at', 2, /names "at" twice/],
    ['who,item,at,stars', 1, /no column "recipient".*"who", "item", "at", "stars"/],
  ])('refuses the columns %s', async (columns, exit, reason) => {
    const bare = await file('bare.csv', rows);
    const { code, err } = await run(bare, ...options, '--columns', columns);
    expect(code).toBe(exit);
    expect(err.replace(/\s+/g, ' ')).toMatch(reason);
  });

  it('predicts ratings, cut to the scale', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const { code, out } = await run(path, ...options, '--task', 'rating', '--rating', 'stars');
    expect(code).toBe(0);
    for (const name of ['global_mean', 'user_mean', 'item_mean', 'bias', 'user_cosine', 'user_pearson']) expect(out).toContain(name); // prettier-ignore
    expect(out).toContain('predictions are cut to 1 to 5');
  });
});

describe('what cannot be measured', () => {
  it('is said, with the way out', async () => {
    const path = await file('shop.csv', [header, ...rows]);
    const one = await file('one.csv', [header, ...rows.slice(0, 4)]);
    const empty = await file('empty.csv', ['']);
    const cases: [string[], number, RegExp][] = [
      [[one, ...options], 1, /a fifth of fewer than five interactions is none/],
      [[await file('header.csv', [header]), ...options], 1, /\w+ \w+/],
      [[empty, ...options], 1, /\w+ \w+/],
      [[join(folder, 'absent.csv'), ...options], 1, /absent\.csv/],
      [[path], 1, /--time.*random-fifth/s],
      [[path, ...options, '--item', 'sku'], 1, /sku/],
      [[path, ...options, '--methods', 'user_kn'], 1, /user_knn/],
      [[path, ...options, '--methods', 'als:factors=0'], 1, /factors/],
      [[path, ...options, '--methods', 'als:factors'], 1, /NAME=VALUE/],
      [[path, ...options, '--methods', 'als,als'], 2, /twice/],
      [[path, ...options, '--methods', 'als', '--against', 'popular'], 2, /none of the methods/],
      [[path, ...options, '--task', 'rating'], 2, /--rating/],
      [[path, ...options, '--bounds', '5,1'], 2, /rising/],
      [[path, ...options, '--history', '0'], 2, /--history are rising whole numbers from 1 to 1,000,000/],
      [[path, ...options, '--history', '-1,5'], 2, /./],
      [[path, ...options, '--history=-1,5'], 2, /rising.*"-1,5"/],
      [[path, ...options, '--history', '1,two'], 2, /rising.*"1,two"/],
      [[path, ...options, '--history', '5,5'], 2, /rising/],
      [[path, ...options, '--history', '5,1'], 2, /rising/],
      [[path, ...options, '--history', '1,'], 2, /rising/],
      [[path, ...options, '--history', ''], 2, /rising/],
      [[path, ...options, '--history', '1.5'], 2, /rising/],
      [[path, ...options, '--history', '1e3'], 2, /rising/],
      [[path, ...options, '--history', '1000001'], 2, /rising/],
      [[path, ...options, '--history', '9'.repeat(400)], 2, /rising.*"9{80}"/],
      [[path, ...options, '--history', Array.from({ length: 21 }, (_, i) => i + 1).join()], 2, /20 numbers at most, not 21/], // prettier-ignore
      [[path, '--split', 'random-fifth', '--history', '1'], 1, /name it with --time/],
      [[path, ...options, '--task', 'rating', '--rating', 'stars', '--history', '1'], 2, /leave out --task/],
      [[path, ...options, '--k', '0'], 2, /whole number/],
      [[path, ...options, '--split', 'time:1'], 2, /between 0 and 1/],
      [[path, ...options, '--items', path], 2, /--item-attributes/],
      [[], 2, /Name one file/],
    ];
    for (const [args, code, words] of cases) {
      const said = await run(...args);
      expect([args.slice(1).join(' '), said.code, said.out]).toEqual([args.slice(1).join(' '), code, '']);
      expect(said.err).toMatch(words);
    }
  });

  it('is left out row by row: ids and times that are none; odd ids are ids', async () => {
    const odd = ['"a,b"', '""""', '__proto__', 'é', 'x'.repeat(500)].flatMap((id) =>
      Array.from({ length: 5 }, (_, n) => `${id},item ${n},${n},1`),
    );
    const bad = [
      ',item 1,1,1',
      'p,,1,1',
      'p,item 1,,1',
      'p,item 1,yesterday,1',
      `${'x'.repeat(501)},item 1,1,1`,
    ];
    const path = await file('odd.csv', [header, ...odd, ...bad]);
    const result = await measured(path, ...options, '--methods', 'popular');
    expect(result.files[0]).toMatchObject({ rows: 25, badRows: { count: 5 } });
    expect(result.matrix).toMatchObject({ recipients: 5, measuredRecipients: 5 });
    expect(result.warnings.join(' ')).toContain('5 of 30 rows could not be used');
  });

  it('is no difference where all times are equal: items decide, and nothing is refused', async () => {
    const flat = rows.map((row) => row.replace(/,\d+,(\d)$/, ',7,$1'));
    const path = await file('flat.csv', [header, ...flat]);
    const result = await measured(path, ...options, '--methods', 'popular,hybrid', '--seeds', '1');
    expect(resultOf(result, 'hybrid').measures.ndcg).toMatchObject({ value: expect.any(Number) as number });
    const late = await run(path, ...options, '--methods', 'popular', '--split', 'time:0.8');
    expect([late.code, late.out]).toEqual([1, '']);
    expect(late.err).toContain('Of nobody is there something to learn from');
  });

  it('is one recipient: values without intervals; of one who has everything there is nothing to recommend', async () => {
    const alone = await measured(await file('alone.csv', [header, ...rows.slice(0, 5)]), ...options, '--methods', 'popular,item_knn'); // prettier-ignore
    expect(resultOf(alone, 'popular').measures.ndcg).toMatchObject({ refused: true, code: 'too_few' });
    const everything = Array.from({ length: 3 }, (_, r) =>
      Array.from({ length: 10 }, (_, n) => `p${r},item ${n},${n},1`),
    ).flat();
    const path = await file('everything.csv', [header, ...everything]);
    // The last two of each are items that nobody else did anything with before either.
    expect(valueOf(resultOf(await measured(path, ...options, '--methods', 'item_knn'), 'item_knn').measures.ndcg)).toBe(0); // prettier-ignore
  });
});
