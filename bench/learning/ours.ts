import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { boostingEstimator } from '../../src/strategies/ml/boosting/boosting.js';
import { type Column, type Table, takeRows } from '../../src/strategies/ml/table.js';
import type { WorldFile } from './main.js';

/** One training of boosting on the rows in a folder, as a process of its own; prints what it took as JSON. */

const folder = process.argv[2] ?? '.';
const world = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')) as WorldFile;
const bytes = readFileSync(join(folder, 'values.f64'));
const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const labels = Uint8Array.from(readFileSync(join(folder, 'labels.u8')));
const parsed = boostingEstimator.parse({ trees: world.trees, validationShare: 0 });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));

const train = tableOf(0, world.train);
const test = tableOf(world.train, world.rows);
// From here on the peak is that of the training, not of reading the rows.
writeFileSync('/proc/self/clear_refs', '5');
const before = kilobytes('VmRSS');
const fit = took(() => boostingEstimator.fit(train, labels.subarray(0, world.train), parsed.value, 'bench'));
const after = kilobytes('VmHWM');
if ('refused' in fit.result) throw new Error(fit.result.reason);
const { model } = fit.result;
const json = JSON.stringify(model.toJSON());
const read = boostingEstimator.fromJSON(JSON.parse(json) as never);
// A service that scores has long been compiled.
read.predict(test);
const scores = took(() => read.predict(test));
writeFileSync(join(folder, 'ours.f64'), new Uint8Array(scores.result.buffer));
// A hundred rows in turn: one that was just made is in the cache, as these then are.
const single = Array.from({ length: 4_000 }, (_, r) => r % 100);
const tables = Array.from({ length: 100 }, (_, r) => takeRows(test, Int32Array.of(r)));
for (let i = 0; i < 10; i++) for (const row of single) model.predict(tables[row] as Table);
const rowByRow = took(() => {
  for (const row of single) model.predict(tables[row] as Table);
});
console.log(
  JSON.stringify({
    wall: fit.wall,
    cpu: fit.cpu,
    microsecondsPerRow: (1e6 * scores.cpu) / test.rows,
    microsecondsRowByRow: (1e6 * rowByRow.cpu) / single.length,
    megabytes: (after - before) / 1024,
    modelKilobytes: json.length / 1024,
  }),
);

function tableOf(start: number, end: number): Table {
  const columns = Array.from({ length: world.columns }, (_, c): Column => {
    const values = all.slice(c * world.rows + start, c * world.rows + end);
    const categories = world.categories[c];
    if (!categories) return { name: `x${c}`, type: 'number', values };
    const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value));
    return { name: `x${c}`, type: 'category', codes, categories };
  });
  return { rows: end - start, columns };
}

function took<T>(work: () => T): { readonly result: T; readonly wall: number; readonly cpu: number } {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: (performance.now() - wall) / 1e3, cpu: (user + system) / 1e6 };
}

function kilobytes(name: string): number {
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
