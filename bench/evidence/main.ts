/**
 * `npm run -s stats:simulate [-- --seed N --only ID --out FILE]`: counts how often the methods err, and writes it down.
 * The file is written at the end and as a whole, so an interrupted run changes nothing.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chance } from './chance.js';
import { document } from './document.js';
import { studies } from './studies.js';
import { toMarkdown } from './study.js';

const DEFAULT_SEED = 20_260_101;
const FILE = new URL('../../docs/statistics-evidence.md', import.meta.url).pathname;

function main(): number {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, only: { type: 'string' }, out: { type: 'string' } },
  });
  const seed = Number(values.seed ?? DEFAULT_SEED);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    console.error('--seed must be a whole number from 0 on.');
    return 2;
  }
  const chosen = studies.filter(({ id }) => values.only === undefined || id === values.only);
  if (chosen.length === 0) {
    console.error(`There is no study "${values.only}"; there are ${studies.map(({ id }) => id).join(', ')}.`);
    return 2;
  }
  const sections = chosen.map((study, i) => {
    const started = performance.now();
    const section = toMarkdown(study, study.rows(chance(seed + studies.indexOf(study))));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.error(`${i + 1} of ${chosen.length}: ${study.id}, ${seconds} s`);
    return section;
  });
  if (values.only !== undefined && values.out === undefined) {
    console.log(sections.join('\n'));
    return 0;
  }
  const out = values.out ?? FILE;
  writeFileSync(`${out}.part`, document(seed, sections));
  renameSync(`${out}.part`, out);
  console.error(`Written to ${out}.`);
  return 0;
}

process.exitCode = main();
