import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RatingEvaluation } from '../../src/flows/evaluate-ratings.js';
import { runInFolder } from '../support/command-line.js';
import { measuredIn, resultOf, valueOf } from './measured-recommenders.js';

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const ratings = `${shared}ml-latest-small-ratings.csv.gz`;
const isThere = existsSync(ratings);
if (!isThere) console.log('ml-latest-small is not at hand: the published figures are not held against it.');
const measured = (...args: readonly string[]) => measuredIn(shared, ...args);
const columns = ['--recipient', 'userId', '--item', 'movieId', '--time', 'timestamp'];

describe.skipIf(!isThere)('on ml-latest-small', () => {
  test('lists are as good as published', async () => {
    const result = await measured(ratings, ...columns, '--draws', '100', '--methods', 'popular,item_knn,user_knn,als'); // prettier-ignore
    const row = (name: string): string[] => {
      const { precision, recall, ndcg, averagePrecision } = resultOf(result, name).measures;
      return [precision, recall, ndcg, averagePrecision].map((one) => valueOf(one).toFixed(4));
    };
    expect(row('popular')).toEqual(['0.0723', '0.0398', '0.0867', '0.0424']);
    expect(row('item_knn')).toEqual(['0.0923', '0.0556', '0.1048', '0.0490']);
    expect(row('user_knn')).toEqual(['0.1015', '0.0598', '0.1161', '0.0590']);
    expect(Math.abs(valueOf(resultOf(result, 'als').measures.ndcg) - 0.1021)).toBeLessThan(0.006);
    expect(result.matrix).toMatchObject({ recipients: 610, measuredRecipients: 610, heldOut: 19_940, heldOutUnseen: 1_682 }); // prettier-ignore
  });

  test('ratings are predicted as well as published', async () => {
    const { out } = await runInFolder(shared, ['evaluate', 'recommenders', ratings, ...columns, '--draws', '100', '--task', 'rating', '--rating', 'rating', '--json']); // prettier-ignore
    const { methods } = JSON.parse(out) as RatingEvaluation;
    const errors = methods.map(({ method, rmse, mae }) => [
      method,
      ...[rmse, mae].map((one) => ('refused' in one ? '' : one.value.toFixed(4))),
    ]);
    expect(errors).toEqual([
      ['global_mean', '1.0688', '0.8360'],
      ['user_mean', '0.9648', '0.7486'],
      ['item_mean', '1.0227', '0.7867'],
      ['bias', '0.9012', '0.6969'],
      ['user_cosine', '0.9306', '0.7117'],
      ['user_pearson', '0.9294', '0.7091'],
    ]);
  });

  test('the hybrid is shown to be better than the best of its parts', async () => {
    const movies = ['--items', `${shared}ml-latest-small-movies.csv.gz`, '--item-attributes', 'genres'];
    const asked = [ratings, ...columns, ...movies, '--against', 'user_knn', '--seeds', '1'];
    const result = await measured(...asked, '--methods', 'user_knn,hybrid');
    const { difference, cohorts } = resultOf(result, 'hybrid');
    expect(difference).toMatchObject({ value: expect.closeTo(0.027, 2) as number });
    expect(difference && 'interval' in difference && difference.interval.lower).toBeGreaterThan(0);
    expect(cohorts.map(({ recipients }) => recipients)).toEqual([0, 56, 554]);
  });

  test('short histories do as well as the documents say', async () => {
    const docs = await readFile(new URL('../../docs/recommending.md', import.meta.url), 'utf8');
    const table = docs.slice(docs.indexOf('**From how many items on?**')).split('\n');
    const [head = [], , ...rest] = table.filter((line) => line.startsWith('|')).map((line) => line.split('|').map((cell) => cell.trim().replace(/`| with genres/g, ''))); // prettier-ignore
    const methods = [
      'popular',
      'user_knn',
      'item_knn',
      'item_knn:halfLife=3',
      'hybrid:attributes=0',
      'hybrid',
    ];
    expect(head.slice(2, 8)).toEqual(methods);
    const movies = ['--items', `${shared}ml-latest-small-movies.csv.gz`, '--item-attributes', 'genres'];
    const asked = [
      ratings,
      ...columns,
      ...movies,
      '--methods',
      methods.join(),
      '--against',
      'hybrid:attributes=0',
    ];
    const { histories = [] } = await measured(...asked, '--history', '1,5,25');
    expect(histories.map(({ shortened }) => shortened)).toEqual([610, 610, 491]);
    for (const { length, methods: found } of histories) {
      const written = rest.find((cells) => cells[1] === String(length));
      expect(found.map(({ ndcg }) => valueOf(ndcg).toFixed(4).slice(1))).toEqual(written?.slice(2, 8));
      const { difference } = found.at(-1) ?? {};
      if (!difference || 'refused' in difference) throw new Error('there is no difference');
      const { lower, upper } = difference.interval;
      const [value, ...ends] = [difference.value, lower, upper].map((one) =>
        one.toFixed(4).replace('0.', '.'),
      );
      expect(`${difference.value < 0 ? '' : '+'}${value} (${ends.join(' to ')})`).toBe(written?.[8]);
    }
  });
});
