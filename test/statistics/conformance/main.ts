/** `npm run -s stats:conformance -- FILE.json`: holds this library against a file of reference cases. */
import { readFileSync } from 'node:fs';
import { parseCases, type ReferenceCase } from './reference-cases.js';
import { score, type Score } from './score.js';

interface Tally {
  passed: number;
  total: number;
  worst: number;
  failures: string[];
}

function main(path: string | undefined): number {
  if (path === undefined) {
    console.error('Which file? Say: npm run -s stats:conformance -- FILE.json');
    return 2;
  }
  let cases: ReferenceCase[];
  try {
    cases = parseCases(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    console.error(`${path} cannot be used. ${(error as Error).message}`);
    return 2;
  }
  return report(cases.map((item) => ({ item, result: score(item) })));
}

function report(scores: readonly { item: ReferenceCase; result: Score }[]): number {
  const byMethod = new Map<string, Tally>();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { item, result } of scores) {
    counts[result.outcome] += 1;
    const tally = byMethod.get(item.method) ?? { passed: 0, total: 0, worst: 0, failures: [] };
    byMethod.set(item.method, tally);
    tally.total += 1;
    tally.passed += result.outcome === 'passed' ? 1 : 0;
    tally.worst = Math.max(tally.worst, result.worst);
    const [miss] = result.misses;
    if (miss)
      tally.failures.push(`${item.id} ${miss.path}: expected ${text(miss.expected)}, got ${text(miss.got)}`);
  }
  for (const [method, { passed, total, worst, failures }] of byMethod) {
    console.log(
      `${method.padEnd(32)} ${`${passed}/${total}`.padStart(9)}  worst error ${worst.toExponential(1)}`,
    );
    for (const failure of failures) console.log(`   FAILED ${failure}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 ? 1 : 0;
}

function text(value: unknown): string {
  return typeof value === 'number' ? String(value) : value === undefined ? 'nothing' : JSON.stringify(value);
}

process.exitCode = main(process.argv[2]);
