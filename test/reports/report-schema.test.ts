import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import { healthChecks } from '../../src/reports/health/registry.js';
import type { CellSums, ReportInput } from '../../src/reports/report-input.js';
import { reportSchema, type Report } from '../../src/reports/report.js';
import { methods } from '../../src/statistics/registry.js';
import { refusalCodes, warningCodes } from '../../src/statistics/result.js';
import { everyInput } from './every-metric.js';
import { sampleInput, spend, sumsOfAll, visit, visits } from './sample-input.js';

/** docs/report-schema.md names every field that a report can have. */

const document = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/report-schema.md'), 'utf8');
const named = new Set(
  [...document.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => code?.match(/[\w.]+/g) ?? []),
);

/** Objects whose fields are the reader's own keys, not ours. */
const open = new Set(['at']);

function fieldsOf(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const one of value) fieldsOf(one, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      into.add(key);
      if (!open.has(key)) fieldsOf(inner, into);
    }
  }
  return into;
}

const city = (value: string) => ({ trait: 'city', value });
const unsubscribed = { ...visit, key: 'unsubscribed', title: 'unsubscribed', role: 'guardrail', direction: 'decrease' } as const; // prettier-ignore

function armsInput(): ReportInput {
  const keys = ['A', 'B', 'b '];
  const cells = keys.flatMap((arm, i): CellSums[] => [
    visits(arm, 100 + 30 * i, 1000),
    { metric: 'spend', arm, sums: sumsOfAll([100 * i, 0, 300, 5]) },
    { ...visits(arm, 10 + 9 * i, 1000), metric: 'unsubscribed' },
    ...['x', 'y', 'tiny'].map((value, v) =>
      visits(arm, 20 + 5 * i * v, value === 'tiny' ? 5 : 200, city(value)),
    ),
  ]);
  return sampleInput(keys, cells, {
    hypothesis: 'It helps.',
    metrics: [visit, spend, unsubscribed],
    cohorts: ['city'],
    plannedPerArm: 2000,
    source: { kind: 'file', name: 'x.csv', rows: 3000, skippedRows: 40 },
    skippedBy: [{ column: 'visit', rows: 40 }],
    arms: keys.map((key, i) => ({ key, title: key, levels: [key], weight: 1, skipped: i === 0 ? 40 : 0 })),
    delivered: keys.map((arm) => ({ arm, delivered: 'fallback', reason: 'no rule', recipients: 10 })),
    rendered: [{ arm: 'A', instead: 'plain', reason: 'the html is blank', messages: 3, blank: true }],
  });
}

function factorialInput(): ReportInput {
  const factors = ['f', 'g', 'h'].map((key) => ({
    key,
    title: key,
    levels: ['0', '1', '2'].slice(0, key === 'h' ? 3 : 2).map((level) => ({ key: level, title: level })),
  }));
  const grid = ['0', '1'].flatMap((f) => ['0', '1'].flatMap((g) => ['0', '1', '2'].map((h) => [f, g, h])));
  const keys = grid.map((levels) => levels.join('/'));
  const cells = keys.map((arm, i) => visits(arm, i === 3 ? 0 : 100 + 7 * i, 1000));
  const arms = grid.map((levels, i) => ({ key: keys[i] ?? '', title: keys[i] ?? '', levels, weight: 1 }));
  return { ...sampleInput(keys, cells), factors, arms };
}

const reports: readonly Report[] = [
  { ...buildReport(armsInput()), snapshot: 'r_1' },
  buildReport(factorialInput()),
  buildReport(everyInput(400)),
  buildReport(sampleInput(['A', 'B'], [], { metrics: [visit, spend], cohorts: ['city'], interim: 'Later.' })),
  buildReport(sampleInput(['A', 'B'], [{ metric: 'spend', arm: 'A', sums: sumsOfAll([5, 5]) }], { metrics: [spend] })),
  buildReport(sampleInput(['A', 'B'], [visits('A', 100, 1000), visits('B', 100, 1400)])),
]; // prettier-ignore

it('is described field by field', () => {
  const fields = new Set(reports.flatMap((report) => [...fieldsOf(report)]));
  for (const wanted of [
    'higherOrder',
    'baselines',
    'shrunk',
    'family',
    'mean',
    'residuals',
    'reason',
    'warnings',
    'varianceReduction',
    'conclusion',
    'ofPrevious',
    'excess',
    'blanks',
    'instead',
  ])
    expect(fields).toContain(wanted);
  expect([...fields].filter((field) => !named.has(field))).toEqual([]);
});

/** Ids of the methods that `src/reports` calls: those in the files it imports, unless it leaves their function alone. */
function methodsOfReports(): string[] {
  const reports = join(import.meta.dirname, '../../src/reports');
  const sources = readdirSync(reports, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(reports, name), 'utf8'));
  const files = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/'(?:\.\.\/)+(statistics\/.+)\.js'/g)].map(([, file]) => file ?? ''),
    ),
  );
  const texts = [...files].map((file) => readFileSync(join(reports, '..', `${file}.ts`), 'utf8'));
  const calls = (name: string) => sources.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  return methods
    .filter(({ id }) => texts.some((text) => text.includes(`  id: '${id}'`)))
    .filter(({ compute }) => compute.name === 'compute' || calls(compute.name))
    .map(({ id }) => id);
}

it('is described with every method, refusal, warning, check and verdict', () => {
  const source = (file: string): string => readFileSync(join(import.meta.dirname, '../../src', file), 'utf8');
  const union = (text: string, name: string): string[] =>
    [...(new RegExp(`type ${name} =([^;]*);`).exec(text)?.[1] ?? '').matchAll(/\| '(\w+)'/g)].map(([, one]) => one ?? '');
  const wanted = [
    reportSchema.split('/')[0] ?? '',
    ...methodsOfReports().filter((id) => !id.startsWith('plan.')),
    ...healthChecks.map((check) => check.id),
    ...refusalCodes,
    ...warningCodes,
    ...union(source('reports/report.ts'), 'VerdictKind'),
  ];
  expect(wanted.length).toBeGreaterThan(40);
  expect(wanted.filter((one) => !named.has(one))).toEqual([]);
}); // prettier-ignore
