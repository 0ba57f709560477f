import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { draw, prepareSplit } from '../../src/assignment/draw.js';
import { md5Words } from '../../src/assignment/md5.js';
import { openTestDatabase } from '../support/database.js';

interface Vector {
  readonly name: string;
  readonly salt: string;
  readonly id: string;
  readonly weights: readonly number[];
  readonly traffic: number;
  readonly words: readonly number[];
  readonly arm: number;
  readonly exposed: boolean;
  readonly fold: number;
}

const file = fileURLToPath(new URL('vectors.json', import.meta.url));
const { version, cases, refused } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly version: number;
  readonly cases: readonly Vector[];
  readonly refused: readonly { readonly name: string; readonly id: string; readonly error: string }[];
};

const answerOf = ({ arm, exposed, fold }: Vector) => ({ arm, exposed, fold });

describe(`vectors, version ${version}`, () => {
  test('are there', () => {
    expect(version).toBe(1);
    expect(cases.length).toBeGreaterThan(80);
  });

  test.each(cases)('$name: $id', (vector) => {
    expect(md5Words(`${vector.salt}:${vector.id}`)).toEqual(vector.words);
    expect(draw(prepareSplit(vector), vector.id)).toEqual(answerOf(vector));
  });

  test.each(refused)('refused: $name', ({ id, error }) => {
    expect(draw(prepareSplit({ salt: 's', weights: [1], traffic: 1 }), id)).toMatchObject({ error });
  });

  test('come out the same from node:crypto and big integers alone', () => {
    for (const vector of cases) {
      const hex = createHash('md5').update(`${vector.salt}:${vector.id}`, 'utf8').digest('hex');
      const words = [0, 1, 2, 3].map((i) => BigInt(`0x${hex.slice(8 * i, 8 * i + 8)}`));
      const total = vector.weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
      let cumulative = 0n;
      const arm = vector.weights.findIndex((weight) => {
        cumulative += BigInt(weight);
        return words[0]! < (2n ** 32n * cumulative) / total;
      });
      const exposed = Number(words[1]) < Math.floor(vector.traffic * 4294967296);
      expect({ words: words.map(Number), arm, exposed, fold: Number(words[3]! % 20n) }).toEqual({
        words: vector.words,
        ...answerOf(vector),
      });
    }
  });

  test('come out the same from PostgreSQL', async () => {
    const database = await openTestDatabase();
    const { rows } = await database.knex.raw<{ rows: object[] }>(answersInSql, [JSON.stringify(cases)]);
    await database.close();
    expect(rows).toEqual(cases.map(answerOf));
  });

  test('come out the same from python3', (context) => {
    const run = spawnSync('python3', ['-c', answersInPython, file], { encoding: 'utf8' });
    if (run.error) {
      console.log(`python3 could not be run (${run.error.message}): its recomputation was not tried`);
      context.skip('no python3');
    }
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual(cases.map(answerOf));
  });

  test('come out the same from a shell', (context) => {
    const sample = cases.filter(({ weights }) => weights.every((weight) => weight < 2 ** 20)).slice(0, 20);
    for (const { salt, id, weights, arm } of sample) {
      const run = spawnSync('sh', ['-c', armInShell, 'sh', salt, id, ...weights.map(String)], {
        encoding: 'utf8',
      });
      if (run.error ?? run.stderr.includes('not found')) {
        console.log('sh or md5sum is missing here: the recomputation in a shell was not tried');
        context.skip('no sh or md5sum');
      }
      expect(run.stdout.trim()).toBe(String(arm));
    }
  });
});

const answersInSql = `
  SELECT
    width_bucket(
      ('x' || substr(md5(salt || ':' || id), 1, 8))::bit(32)::bigint,
      ARRAY(
        SELECT div(4294967296 * sum(w) OVER (ORDER BY i), sum(w) OVER ())::bigint
        FROM unnest(weights) WITH ORDINALITY AS arm (w, i) ORDER BY i
      )
    ) AS arm,
    ('x' || substr(md5(salt || ':' || id), 9, 8))::bit(32)::bigint < floor(4294967296 * traffic) AS exposed,
    (('x' || substr(md5(salt || ':' || id), 25, 8))::bit(32)::bigint % 20)::int AS fold
  FROM ROWS FROM (
    jsonb_to_recordset(?::jsonb) AS (salt text, id text, weights bigint[], traffic double precision)
  ) WITH ORDINALITY AS vector (salt, id, weights, traffic, position)
  ORDER BY position`;

const answersInPython = `
import hashlib, itertools, json, sys

def answer(salt, id, weights, traffic):
    digest = hashlib.md5(f"{salt}:{id}".encode()).hexdigest()
    word = [int(digest[i:i + 8], 16) for i in range(0, 32, 8)]
    arm = next(i for i, c in enumerate(itertools.accumulate(weights)) if word[0] < 2**32 * c // sum(weights))
    return {"arm": arm, "exposed": word[1] < int(2**32 * traffic), "fold": word[3] % 20}

cases = json.load(open(sys.argv[1], encoding="utf8"))["cases"]
print(json.dumps([answer(c["salt"], c["id"], c["weights"], c["traffic"]) for c in cases]))
`;

const armInShell = `
salt=$1 id=$2; shift 2; total=0; for w in "$@"; do total=$((total + w)); done
word=$((0x$(printf %s "$salt:$id" | md5sum | cut -c1-8))); arm=0; sum=0
for w in "$@"; do sum=$((sum + w)); [ $word -lt $(((sum << 32) / total)) ] && break; arm=$((arm + 1)); done; echo $arm
`;
