import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Margin } from '../../src/experiments/experiment.js';
import { buildReport } from '../../src/reports/build-report.js';
import type { CellSums, ReportMetricInput } from '../../src/reports/report-input.js';
import type { MarginJudgement } from '../../src/reports/report-metric.js';
import type { Report } from '../../src/reports/report.js';
import {
  addCrossSums,
  crossSumsOf,
  emptyCrossSums,
  type CrossSums,
} from '../../src/statistics/cross-sums.js';
import { sampleInput, spend, successes, sumsOfAll, visit, visits } from './sample-input.js';

const guard = {
  ...visit,
  key: 'unsubscribe',
  title: 'Unsubscribe',
  role: 'guardrail',
  direction: 'decrease',
} as const;

function report(control: number, treatment: number, margin: Margin | undefined, n = 10_000, better = 1500): Report {
  const cells: CellSums[] = [
    visits('A', 1000, 10_000), visits('B', better, 10_000),
    { metric: 'unsubscribe', arm: 'A', sums: successes(control, n) },
    { metric: 'unsubscribe', arm: 'B', sums: successes(treatment, n) },
  ];
  const metrics: ReportMetricInput[] = [visit, { ...guard, ...(margin ? { margin } : {}) }];
  return buildReport(sampleInput(['A', 'B'], cells, { metrics }));
} // prettier-ignore

function judged(of: Report): MarginJudgement {
  const margin = of.metrics[1]?.comparisons[0]?.margin;
  if (!margin) throw new Error('not judged');
  return margin;
}

const half = { kind: 'relative', size: 0.5 } as const;

describe('a guardrail with a margin', () => {
  it('lets an arm pass that is proven to be worse, but within the margin', () => {
    const within = report(2000, 2200, half);
    expect(judged(within)).toMatchObject({ conclusion: 'no_worse' });
    expect(within.verdict.kind).toBe('better');
    expect(within.verdict.notes.join()).toMatch(/B: Unsubscribe is no worse than the margin of 50% of the control’s level allows/);
    expect(report(2000, 2200, undefined).verdict.kind).toBe('held_back');
  });

  it('holds back what is not proven to be harmless', () => {
    const unsure = report(20, 22, half);
    expect(judged(unsure).conclusion).toBe('not_excluded');
    expect(unsure.verdict.kind).toBe('held_back');
    expect(unsure.verdict.sentence).toMatch(/But harm to Unsubscribe beyond its margin cannot be excluded, so this is held back\.$/);
    expect(report(20, 22, undefined).verdict.kind).toBe('better');
  });

  it('says worse where it is', () => {
    const bad = report(200, 320, half);
    expect(judged(bad).conclusion).toBe('worse');
    expect(bad.verdict).toMatchObject({ kind: 'held_back', sentence: expect.stringMatching(/Unsubscribe got worse/) as string });
  });

  it('is not judged where nothing can be said, and holds back as one without margin', () => {
    const nothing = report(0, 0, half);
    expect(judged(nothing)).toMatchObject({ conclusion: 'refused', test: { refused: true } });
    expect(nothing.verdict.kind).toBe('better'); // no worse to look at
    expect(nothing.verdict.notes.join()).toMatch(/Unsubscribe.* is not judged against the margin/);
  });

  it('is no noise beside a verdict about something else', () => {
    expect(report(20, 22, half, 10_000, 1010).verdict.notes.join()).not.toMatch(/Unsubscribe/);
    expect(report(200, 320, half, 10_000, 1010).verdict.notes.join()).toMatch(/Unsubscribe got worse/);
  });

  it('passes exactly when the worst that is possible lies within', () => {
    const rates = fc.record({ a: fc.integer({ min: 1, max: 400 }), b: fc.integer({ min: 0, max: 400 }) });
    const margins = fc.oneof(
      fc.record({ kind: fc.constant('relative' as const), size: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
      fc.record({ kind: fc.constant('absolute' as const), size: fc.double({ min: 0.0005, max: 0.1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(rates, margins, ({ a, b }, margin) => {
        const { conclusion, worst, test } = judged(report(a, b, margin, 2000));
        if ('refused' in test) return;
        expect(test.p < 1 - 0.95).toBe(conclusion === 'no_worse');
        if (worst !== undefined && Math.abs(worst - margin.size) > 1e-9)
          expect(worst < margin.size).toBe(conclusion === 'no_worse');
      }),
      { numRuns: 150 },
    );
  });

  it('counts an absolute margin of money in major units', () => {
    const outcomes = (m: number) => Array.from({ length: 400 }, (_, i) => m + (i % 2 === 0 ? 10 : -10));
    const cells: CellSums[] = [
      visits('A', 1000, 10_000), visits('B', 1500, 10_000),
      { metric: 'spend', arm: 'A', sums: sumsOfAll(outcomes(200)) }, { metric: 'spend', arm: 'B', sums: sumsOfAll(outcomes(195)) },
    ];
    const of = (size: number): MarginJudgement =>
      judged(buildReport(sampleInput(['A', 'B'], cells, { metrics: [visit, { ...spend, role: 'guardrail', margin: { kind: 'absolute', size } }] })));
    // difference -0.05, se = sqrt(2 * (100 * 400 / 399) / 400) = 0.708 cents; at worst -0.05 - 0.0117 = -0.0617
    expect(of(0.07)).toMatchObject({ conclusion: 'no_worse', text: expect.stringMatching(/margin of €0\.07 allows \(at worst -€0\.06/) as string });
    expect(of(0.07).worst).toBeCloseTo(-0.05 - 1.6468 * 0.007080, 4);
    expect(of(0.06).conclusion).toBe('worse');
  });
}); // prettier-ignore

describe('a margin on a ratio', () => {
  const rows = (bad: number): CrossSums =>
    Array.from({ length: 2000 }, (_, i) => crossSumsOf([i < bad ? 1n : 0n, i < 1900 ? 1n : 0n])).reduce(addCrossSums, emptyCrossSums(2));
  const of = (a: number, b: number, margin: Margin): MarginJudgement => {
    const cells: CellSums[] = [
      visits('A', 1000, 10_000), visits('B', 1500, 10_000),
      { metric: 'unsubscribe', arm: 'A', sums: successes(a, 2000), cross: rows(a) },
      { metric: 'unsubscribe', arm: 'B', sums: successes(b, 2000), cross: rows(b) },
    ];
    return judged(buildReport(sampleInput(['A', 'B'], cells, { metrics: [visit, { ...guard, denominator: 'delivered', margin }] })));
  };

  it('is judged by its delta method', () => {
    // 100 and 110 of 1900: difference 0.005263, se = sqrt(2000/1999 (0.0526 * 0.9474 + 0.0579 * 0.9421) / 1900).
    const [r, s] = [100 / 1900, 110 / 1900];
    const se = Math.sqrt(((2000 / 1999) * (r * (1 - r) + s * (1 - s))) / 1900);
    const { worst, test } = of(100, 110, { kind: 'absolute', size: 0.02 });
    expect(worst).toBeCloseTo(s - r + 1.6448536 * se, 8);
    expect((test as { statistic: number }).statistic).toBeCloseTo((0.02 - (s - r)) / se, 8);
    // Relative: 1.5 r - s over sqrt(v_s + 1.5² v_r).
    const v = (x: number): number => ((2000 / 1999) * x * (1 - x)) / 1900;
    const relative = of(100, 110, { kind: 'relative', size: 0.5 });
    expect((relative.test as { statistic: number }).statistic).toBeCloseTo((1.5 * r - s) / Math.sqrt(v(s) + 2.25 * v(r)), 8);
    expect(relative.conclusion).toBe('no_worse');
  });

  it('is refused relative to nothing', () => {
    expect(of(0, 3, { kind: 'relative', size: 0.5 })).toMatchObject({ conclusion: 'refused', test: { code: 'baseline_zero' } });
  });
}); // prettier-ignore

describe('a guardrail that must not decide', () => {
  it('holds nothing back, and says so', () => {
    const undecidable = 'opens are pictures loaded.';
    const cells: CellSums[] = [
      visits('A', 1000, 10_000), visits('B', 1500, 10_000),
      { metric: 'unsubscribe', arm: 'A', sums: successes(200, 10_000) }, { metric: 'unsubscribe', arm: 'B', sums: successes(400, 10_000) },
    ];
    const { verdict } = buildReport(sampleInput(['A', 'B'], cells, { metrics: [visit, { ...guard, undecidable }] }));
    expect(verdict.kind).toBe('better');
    expect(verdict.notes).toContain('Unsubscribe holds nothing back: opens are pictures loaded.');
  });
}); // prettier-ignore

describe('a margin in a factorial design', () => {
  it('is judged level by level', () => {
    const factors = ['f', 'g'].map((key) => ({ key, title: key, levels: ['0', '1'].map((level) => ({ key: level, title: level })) }));
    const grid = ['0', '1'].flatMap((f) => ['0', '1'].map((g) => [f, g]));
    const keys = grid.map((levels) => levels.join('/'));
    const cells = keys.flatMap((arm, i): CellSums[] => [
      visits(arm, i < 2 ? 1000 : 1500, 10_000),
      { metric: 'unsubscribe', arm, sums: successes(i < 2 ? 1000 : 1080, 10_000) },
    ]);
    const arms = grid.map((levels, i) => ({ key: keys[i] ?? '', title: keys[i] ?? '', levels, weight: 1 }));
    const input = { ...sampleInput(keys, cells, { metrics: [visit, { ...guard, margin: half }] }), factors, arms };
    const built = buildReport(input);
    const [f, g] = built.factorial?.metrics[1]?.main ?? [];
    expect([f?.margin?.conclusion, g?.margin?.conclusion]).toEqual(['no_worse', 'no_worse']);
    expect(built.verdict.kind).toBe('better');
    const strict = buildReport({ ...input, metrics: [visit, { ...guard, margin: { kind: 'absolute', size: 0.01 } }] });
    expect(strict.factorial?.metrics[1]?.main[0]?.margin?.conclusion).toBe('worse');
    expect(strict.verdict.kind).toBe('held_back');
  });
}); // prettier-ignore
