import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { CellSums, ReportInput } from '../../src/reports/report-input.js';
import type { Comparison } from '../../src/reports/report-metric.js';
import type { Report } from '../../src/reports/report.js';
import { canonicalJson } from '../../src/strategies/content-hash.js';
import { sampleInput, spend, successes, sumsOfAll, visit, visits } from './sample-input.js';

const arms = ['A', 'B', 'C'];
const outcomes = fc.array(fc.constantFrom(0, 0, 0, 1, 250, 1999, -500), { maxLength: 30 });
const cell = fc.record({
  arm: fc.constantFrom(...arms),
  city: fc.constantFrom('x', 'y', ''),
  won: fc.nat({ max: 40 }),
  rest: fc.nat({ max: 40 }),
  spend: outcomes,
});

/** The same cells as everybody's and as cohorts'. */
function inputOf(
  rows: readonly { arm: string; city: string; won: number; rest: number; spend: number[] }[],
): ReportInput {
  const cells = rows.flatMap((row): CellSums[] => {
    const cohort = { trait: 'city', value: row.city };
    const won = { metric: 'visit', arm: row.arm, sums: successes(row.won, row.won + row.rest) };
    const money = { metric: 'spend', arm: row.arm, sums: sumsOfAll(row.spend) };
    return [won, money, { ...won, cohort }, { ...money, cohort }];
  });
  return sampleInput(arms, cells, { metrics: [visit, spend], cohorts: ['city'] });
}

function everyComparison(report: Report): Comparison[] {
  return report.metrics.flatMap((metric) => metric.comparisons);
}

describe('a report', () => {
  it('is plain JSON of finite numbers, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 12 }), (rows) => {
        const report = buildReport(inputOf(rows));
        expect(JSON.parse(canonicalJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
        expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of the cells, nor on how they are split', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), fc.nat(), (rows, seed) => {
        const input = inputOf(rows);
        const shuffled = [...input.cells].sort((a, b) => hash(a, seed) - hash(b, seed));
        const split = input.cells.flatMap((one) => [
          { ...one, sums: { ...one.sums, n: one.sums.n - 0n } },
          { ...one, sums: successes(0, 0) },
        ]);
        const report = buildReport(input);
        expect(buildReport({ ...input, cells: shuffled })).toEqual(report);
        expect(buildReport({ ...input, cells: split })).toEqual(report);
      }),
      { numRuns: 60 },
    );
  });

  it('shows intervals that exclude no effect exactly when the test beside them rejects', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 3, maxLength: 12 }), (rows) => {
        for (const one of everyComparison(buildReport(inputOf(rows)))) {
          if ('refused' in one.test) continue;
          for (const estimate of [one.difference, one.uplift]) {
            if ('refused' in estimate) continue;
            const { lower, upper } = estimate;
            const excludes = (lower !== null && lower > 0) || (upper !== null && upper < 0);
            expect(excludes).toBe(one.test.p < 0.05);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('puts the primary metric first and lets it decide', () => {
    const input = inputOf([{ arm: 'A', city: 'x', won: 5, rest: 5, spend: [0, 1] }]);
    const report = buildReport({
      ...input,
      metrics: [
        { ...visit, role: 'secondary' },
        { ...spend, role: 'primary' },
      ],
    });
    expect(report.metrics.map((metric) => metric.key)).toEqual(['spend', 'visit']);
    expect(report.verdict.metric).toBe('spend');
  });

  it('scales money only at the end, exactly', () => {
    const cells = [
      { metric: 'spend', arm: 'A', sums: sumsOfAll([199, 0, 301]) },
      { metric: 'spend', arm: 'B', sums: sumsOfAll([250, 50, 0]) },
    ];
    const [metric] = buildReport(sampleInput(['A', 'B'], cells, { metrics: [spend] })).metrics;
    expect(metric?.arms.map((arm) => arm.total)).toEqual(['5.00', '3.00']);
    expect(metric?.arms[0]?.value).toMatchObject({ text: '€1.67' });
    expect((metric?.arms[0]?.value as { value: number }).value).toBeCloseTo(5 / 3, 14);
  });
});

function hash(cellSums: CellSums, seed: number): number {
  const text = canonicalJson([
    cellSums.metric,
    cellSums.arm,
    cellSums.cohort?.value ?? '',
    String(cellSums.sums.sum),
    seed,
  ]);
  return Array.from(text).reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) | 0, seed);
}

describe('cohorts', () => {
  const city = (value: string) => ({ trait: 'city', value });

  it('hides values with fewer than 30 recipients in an arm and says how many', () => {
    const cells = [
      visits('A', 50, 900, city('one-sided')), visits('B', 2, 29, city('one-sided')),
      visits('A', 50, 900, city('absent')),
      ...['A', 'B'].flatMap((arm) => [visits(arm, 5, 30, city('small')), visits(arm, 50, 100, city('large'))]),
    ]; // prettier-ignore
    const [cohort] = buildReport(sampleInput(['A', 'B', 'unused'], cells, { cohorts: ['city'] })).cohorts;
    const [b, unused] = cohort?.effects ?? [];
    expect(b?.values.map((one) => one.value)).toEqual(['large', 'small']);
    expect(cohort?.hidden).toEqual({ values: 2, recipients: 929 + 900 });
    expect(b?.leftOut).toBeUndefined();
    expect(unused).toMatchObject({ values: [], interaction: { code: 'too_few' }, leftOut: 2 });
  });

  it('says how many values the comparison of cohorts could not use', () => {
    const paid = (arm: string, value: string, outcomes: readonly number[]): CellSums =>
      ({ metric: 'spend', arm, sums: sumsOfAll(outcomes), cohort: city(value) }); // prettier-ignore
    const some = Array.from({ length: 40 }, (_, i) => i);
    const none = some.map(() => 0);
    const cells = ['A', 'B'].flatMap((arm) => [
      paid(arm, 'x', some), paid(arm, 'y', some), paid(arm, 'nobody', none),
    ]); // prettier-ignore
    const input = sampleInput(['A', 'B'], cells, { cohorts: ['city'], metrics: [spend] });
    const effect = buildReport(input).cohorts[0]?.effects[0];
    expect(effect?.values).toHaveLength(3);
    expect(effect).toMatchObject({ leftOut: 1, interaction: { df: [1] } });
  });

  it('keeps values in which nobody came, and does not take them for certain', () => {
    const cells = ['A', 'B'].flatMap((arm) => [
      visits(arm, 0, 50, city('none')), visits(arm, 20, 100, city('x')), visits(arm, 25, 100, city('y')),
    ]); // prettier-ignore
    const effect = buildReport(sampleInput(['A', 'B'], cells, { cohorts: ['city'] })).cohorts[0]?.effects[0];
    expect(effect).toMatchObject({ interaction: { df: [2] } });
    expect(effect?.leftOut).toBeUndefined();
    expect(effect?.values.every((one) => one.shrunk)).toBe(true);
  });

  it('shows the 20 largest of many and tests all of them', () => {
    const values = Array.from({ length: 25 }, (_, i) => i);
    const cells = values.flatMap((i) =>
      ['A', 'B'].map((arm) => visits(arm, 20 + (arm === 'B' ? i : 0), 100 + i, city(String(i)))),
    );
    const [cohort] = buildReport(sampleInput(['A', 'B'], cells, { cohorts: ['city'] })).cohorts;
    const effect = cohort?.effects[0];
    expect(effect?.values.map((one) => one.value)).toEqual(values.slice(5).map(String));
    expect(cohort?.omitted).toEqual({ values: 5, recipients: 2 * (100 + 101 + 102 + 103 + 104) });
    expect(effect?.interaction).toMatchObject({ df: [24] });
  });

  it('finds that an arm helps one cohort only, and draws the estimates together', () => {
    const cells = [
      visits('A', 100, 1000, city('x')), visits('B', 180, 1000, city('x')),
      visits('A', 100, 1000, city('y')), visits('B', 100, 1000, city('y')),
    ]; // prettier-ignore
    const effect = buildReport(sampleInput(['A', 'B'], cells, { cohorts: ['city'] })).cohorts[0]?.effects[0];
    expect(effect?.interaction).toMatchObject({ df: [1] });
    expect('p' in (effect?.interaction ?? {}) && (effect?.interaction as { p: number }).p).toBeLessThan(
      0.001,
    );
    const [x, y] = effect?.values ?? [];
    expect(x?.difference).toMatchObject({ text: '+8.0 pp' });
    expect(x?.shrunk?.value).toBeLessThan(0.08);
    expect(y?.shrunk?.value).toBeGreaterThan(0);
  });
});
