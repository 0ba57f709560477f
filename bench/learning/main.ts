import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { auc } from '../../src/evaluation/classification/auc.js';
import { median } from '../rounds.mjs';
import { drawWorld, type World } from './world.js';

/**
 * Boosting beside scikit-learn's HistGradientBoosting on the same rows: 100 trees of 31 leaves, no early stopping, one thread. Each
 * training is a process of its own, in turn, ROUNDS (3) times. Fails beyond the aims. WORLDS picks some by their names' beginning.
 */

export interface WorldFile {
  readonly rows: number;
  readonly train: number;
  readonly columns: number;
  readonly trees: number;
  /** Places of the columns of categories, and the categories of each. */
  readonly categorical: readonly number[];
  readonly categories: readonly (readonly string[] | null)[];
}

interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly microsecondsPerRow: number;
  readonly microsecondsRowByRow: number;
  readonly megabytes: number;
  readonly modelKilobytes: number;
}

const aims = { auc: 0.003, ratio: 3, microseconds: 5 };
const plain = { seed: '1', train: 100_000, test: 20_000, shift: -1.15, missing: 0, categories: 0 };
const worlds: readonly World[] = [
  { ...plain, name: '100,000 rows' },
  { ...plain, name: 'another seed', seed: '2' },
  { ...plain, name: 'a third seed', seed: '3' },
  { ...plain, name: 'a tenth missing', missing: 0.1 },
  { ...plain, name: 'six columns of categories', categories: 6 },
  { ...plain, name: 'both', missing: 0.1, categories: 6 },
  { ...plain, name: '2 % positives', shift: -5.1 },
  { ...plain, name: '10,000 rows', train: 10_000 },
  { ...plain, name: '300,000 rows', train: 300_000 },
];

const rounds = Number(process.env['ROUNDS'] ?? 3);
const wanted = process.env['WORLDS']?.split(',') ?? [''];

if (spawnSync('/usr/bin/python3', ['-c', 'import sklearn']).status !== 0) {
  console.error(
    'This compares with scikit-learn, which /usr/bin/python3 does not have: apt-get install python3-sklearn.',
  );
  process.exit(1);
}

const misses: string[] = [];
console.log(
  '| rows | positives | AUC ours | AUC scikit-learn | difference | train ours, s of CPU | train scikit-learn | ratio, median (rounds) | ratio by the wall | scoring, µs a row | row by row | scikit-learn | memory ours / scikit-learn, MB | model, KB |',
);
console.log(
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
);
for (const world of worlds) {
  if (wanted.some((name) => world.name.startsWith(name))) compare(world);
}
console.log(`\n${rounds} rounds, Node ${process.version}, ${cpus()[0]?.model.trim() ?? ''}.`);
if (misses.length > 0) {
  console.error(misses.join('\n'));
  process.exitCode = 1;
}

function compare(world: World): void {
  const folder = mkdtempSync(join(tmpdir(), 'postulate-bench-'));
  try {
    const labels = writeWorld(world, folder);
    const ours: Run[] = [];
    const theirs: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(run(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'ours.ts'), folder]));
      theirs.push(run('/usr/bin/python3', [join(import.meta.dirname, 'scikit.py'), folder]));
    }
    report(world, labels, [aucOf(folder, 'ours', labels), aucOf(folder, 'scikit', labels)], ours, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the labels of the rows to be measured on. */
function writeWorld(world: World, folder: string): Uint8Array {
  const { table, labels } = drawWorld(world);
  const values = new Float64Array(table.rows * table.columns.length);
  table.columns.forEach((column, c) => {
    const numbers =
      column.type === 'number'
        ? column.values
        : Float64Array.from(column.codes, (code) => (code < 0 ? NaN : code));
    values.set(numbers, c * table.rows);
  });
  const file: WorldFile = {
    rows: table.rows,
    train: world.train,
    columns: table.columns.length,
    trees: 100,
    categorical: table.columns.flatMap(({ type }, c) => (type === 'category' ? [c] : [])),
    categories: table.columns.map((column) => (column.type === 'category' ? column.categories : null)),
  };
  writeFileSync(join(folder, 'world.json'), JSON.stringify(file));
  writeFileSync(join(folder, 'values.f64'), new Uint8Array(values.buffer));
  writeFileSync(join(folder, 'labels.u8'), labels);
  return labels.slice(world.train);
}

function run(command: string, args: readonly string[]): Run {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Run;
}

function aucOf(folder: string, name: string, labels: Uint8Array): number {
  const bytes = readFileSync(join(folder, `${name}.f64`));
  const scores = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const area = auc(labels, scores);
  if ('refused' in area) throw new Error(area.reason);
  return area.value;
}

function report(world: World, labels: Uint8Array, areas: [number, number], ours: Run[], theirs: Run[]): void {
  const of = (runs: Run[], key: keyof Run): number => median(runs.map((one) => one[key]));
  const ratios = ours.map((one, i) => one.cpu / (theirs[i] as Run).cpu);
  const ratio = median(ratios);
  const walls = median(ours.map((one, i) => one.wall / (theirs[i] as Run).wall));
  const score = of(ours, 'microsecondsPerRow');
  const single = of(ours, 'microsecondsRowByRow');
  const positives = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const cells = [
    world.name,
    `${(100 * positives).toFixed(1)} %`,
    ...areas.map((area) => area.toFixed(4)),
    (areas[0] - areas[1]).toFixed(4),
    of(ours, 'cpu').toFixed(2),
    of(theirs, 'cpu').toFixed(2),
    `${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(', ')})`,
    walls.toFixed(2),
    score.toFixed(2),
    single.toFixed(2),
    of(theirs, 'microsecondsPerRow').toFixed(2),
    `${of(ours, 'megabytes').toFixed(0)} / ${of(theirs, 'megabytes').toFixed(0)}`,
    of(ours, 'modelKilobytes').toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
  if (areas[0] - areas[1] < -aims.auc) misses.push(`${world.name}: the AUC is too low`);
  if (ratio > aims.ratio) misses.push(`${world.name}: training takes too long`);
  if (Math.max(score, single) > aims.microseconds) misses.push(`${world.name}: scoring takes too long`);
}
