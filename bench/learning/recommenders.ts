import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

import { seededRandom } from '../../src/evaluation/random.js';
import { type Matrix, matrixOfEntries } from '../../src/strategies/cf/matrix.js';
import type { Recommender, Taste } from '../../src/strategies/cf/recommender.js';
import { findRecommender } from '../../src/strategies/cf/recommenders.js';
import { topPlaces } from '../../src/strategies/cf/top.js';

/**
 * Learning and lists of ten for recommenders on made-up interactions, beside plain loops over typed arrays that do as many sums: what
 * the machine could do at most. Each line is a process of its own, for the sake of its memory. WORLDS picks some by their beginning.
 */

interface World {
  readonly name: string;
  readonly recipients: number;
  readonly items: number;
  readonly interactions: number;
}

const worlds: readonly World[] = [
  { name: '100 k', recipients: 1_000, items: 10_000, interactions: 100_000 },
  { name: '1 M', recipients: 50_000, items: 20_000, interactions: 1_000_000 },
  { name: '1 M items', recipients: 50_000, items: 1_000_000, interactions: 1_000_000 },
  { name: '5 M', recipients: 250_000, items: 50_000, interactions: 5_000_000 },
];
const methods = ['popular', 'item_knn', 'user_knn', 'als', 'hybrid'];
/** Recipients for whom lists are made. */
const asked = 200;

const [method, worldName] = process.argv.slice(2);
if (method !== undefined) measure(method, worlds.find(({ name }) => name === worldName) as World);
else compareAll();

function compareAll(): void {
  const wanted = process.env['WORLDS']?.split(',') ?? [''];
  console.log('| interactions | recipients × items | method | learning, s | times plain sums | list of ten, ms | times plain sums | memory, MB |'); // prettier-ignore
  console.log('| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name } of worlds.filter((world) => wanted.some((one) => world.name.startsWith(one)))) {
    for (const one of methods) {
      const args = ['--import', 'tsx', '--max-old-space-size=12000', import.meta.filename, one, name];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      process.stdout.write(status === 0 ? stdout : `| ${name} | | ${one} | ${stderr.slice(-300)} |\n`);
    }
  }
  console.log(`\nNode ${process.version}, ${cpus()[0]?.model.trim() ?? ''}.`);
}

function measure(name: string, world: World): void {
  const matrix = made(world);
  const kind = findRecommender(name);
  const settings = kind?.parse({});
  if (!kind || !settings?.ok) throw new Error(`there is no ${name}`);
  const [recommender, learning] = timed(() => kind.fit(matrix, settings.value, 'bench'));
  if ('refused' in recommender) throw new Error(recommender.reason);
  const tastes = Array.from({ length: asked }, (_, i) =>
    tasteAt(matrix, i * Math.floor(world.recipients / asked)),
  );
  const list = (taste: Taste): Int32Array => topPlaces(recommender.score(taste), 10, taste.places);
  tastes.slice(0, 20).forEach(list);
  const [, ranking] = timed(() => tastes.forEach(list));
  const [toLearn, toRank] = sumsOf(name, matrix, recommender, tastes);
  const cells = [
    ...[world.name, `${thousands(world.recipients)} × ${thousands(world.items)}`, name],
    ...[learning.toFixed(2), toLearn === 0 ? '' : (learning / plainSeconds(toLearn, false)).toFixed(1)],
    ...[((1_000 * ranking) / asked).toFixed(2), (ranking / plainSeconds(toRank, name !== 'als')).toFixed(1)],
    (process.resourceUsage().maxRSS / 1_024).toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function thousands(n: number): string {
  return n.toLocaleString('en-US');
}

function timed<T>(work: () => T): [T, number] {
  const start = process.hrtime.bigint();
  const result = work();
  return [result, Number(process.hrtime.bigint() - start) / 1e9];
}

/** Few items are with many, as in shops: the share of an item falls with its rank. Attributes: one of fifty each, and one of five. */
function made({ recipients, items, interactions }: World): Matrix {
  const random = seededRandom('bench');
  const entries = {
    rows: new Int32Array(interactions),
    columns: new Int32Array(interactions),
    weights: new Float32Array(interactions).fill(1),
  };
  for (let i = 0; i < interactions; i++) {
    entries.rows[i] = random.below(recipients);
    entries.columns[i] = Math.floor(items * random.next() ** 3);
  }
  const ids = (size: number): string[] => Array.from({ length: size }, (_, i) => String(i).padStart(8, '0'));
  const attributes = Array.from({ length: items }, (_, i) => [`kind:${i % 50}`, `tier:${i % 5}`]);
  return { ...matrixOfEntries(ids(recipients), ids(items), entries), attributes };
}

function tasteAt({ byRecipient: { starts, places, values } }: Matrix, row: number): Taste {
  const own = places.slice(starts[row], starts[row + 1]);
  const ages = Int32Array.from(own, (_, i) => own.length - 1 - i);
  return { places: own, weights: values.slice(starts[row], starts[row + 1]), ages };
}

/** Products that must be added up: in learning, and for all the lists; of a hybrid those of its parts. */
function sumsOf(
  name: string,
  matrix: Matrix,
  recommender: Recommender,
  tastes: readonly Taste[],
): [number, number] {
  const [users, items] = [matrix.recipients.length, matrix.items.length];
  const size = 16;
  const entries = matrix.byRecipient.places.length;
  const columnsOf = tastes.map((taste) => taste.places.reduce((sum, place) => sum + lengthAt(matrix.byItem.starts, place), 0)); // prettier-ignore
  const all = columnsOf.reduce((sum, one) => sum + one, 0);
  const mean = entries / users;
  const reached = tastes.reduce((sum, taste) => sum + reachedFrom(matrix, taste), 0);
  const lists: Readonly<Record<string, number>> = {
    popular: tastes.length * items,
    // To the recipients of the taste and back to their items.
    item_knn: all + reached * mean + tastes.length * items,
    // To the recipients of the taste, and the rows of fifty.
    user_knn: all + tastes.length * (users + 50 * mean + items),
    als: tastes.length * (items * size + (mean * size * size) / 2 + size ** 3 / 6),
  };
  const solving = 15 * ((2 * entries * (size * (size + 1))) / 2 + ((users + items) * size ** 3) / 6);
  const learned: Readonly<Record<string, number>> = { popular: entries, als: solving, hybrid: solving };
  const parts = ['item_knn', 'user_knn', 'als'].reduce((sum, part) => sum + (lists[part] ?? 0), 0);
  return [learned[name] ?? 0, lists[name] ?? parts + tastes.length * 4 * recommender.items.length];
}

/** Recipients who did something with an item of the taste. */
function reachedFrom({ byItem: { starts, places } }: Matrix, taste: Taste): number {
  const found = new Set<number>();
  for (const item of taste.places)
    for (const recipient of places.subarray(starts[item], starts[item + 1])) found.add(recipient);
  return found.size;
}

function lengthAt(starts: Int32Array, row: number): number {
  return (starts[row + 1] as number) - (starts[row] as number);
}

/** How long a loop takes that does nothing but add up so many products: in a row, or scattered over a megabyte. */
function plainSeconds(products: number, isScattered: boolean): number {
  const sample = Math.min(products, 100_000_000);
  const numbers = new Float64Array(1 << 17).fill(1.000_1);
  const places = Int32Array.from(numbers, (_, i) => (isScattered ? (i * 40_503) & 0x1ffff : i));
  const into = new Float64Array(1 << 17);
  const add = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const at = i & 0x1ffff;
      const place = places[at] as number;
      into[place] = (into[place] as number) + (numbers[at] as number) * 0.5;
    }
  };
  add(1_000_000);
  const [, seconds] = timed(() => add(sample));
  return (seconds * products) / sample;
}
