import { expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { ReportInput } from '../../src/reports/report-input.js';
import { sampleInput, visits } from './sample-input.js';

function findings(more: Partial<ReportInput>, n: readonly [number, number] = [1000, 1000]): string[] {
  const input = sampleInput(['A', 'B'], [visits('A', 100, n[0]), visits('B', 120, n[1])], more);
  return buildReport(input).health.map((one) => `${one.check} ${one.severity}: ${one.text}`);
}

const file = (rows: number, skippedRows: number) =>
  ({ kind: 'file', name: 'x.csv', rows, skippedRows }) as const;
const arms = (a: object, b: object): Partial<ReportInput> => ({
  arms: [
    { key: 'A', title: 'A', levels: ['A'], weight: 1, ...a },
    { key: 'B', title: 'B', levels: ['B'], weight: 1, ...b },
  ],
});

it('checks the split', () => {
  expect(findings({})[0]).toBe(
    'sample_ratio ok: 2,000 recipients: A 50.0% (planned 50.0%) and B 50.0% (planned 50.0%); p = 1.',
  );
  expect(findings({}, [2000, 1000])[0]).toMatch(/^sample_ratio critical/);
  expect(findings(arms({ weight: undefined }, {}))[0]).toMatch(/^sample_ratio notice: The planned weights/);
});

it('lights up just below p = 0.001', () => {
  // chi-square with one degree of freedom: 10.8276 is the 0.001 point
  expect(findings({}, [5000 + 164, 5000 - 164])[0]).toMatch(/^sample_ratio ok/);
  expect(findings({}, [5000 + 165, 5000 - 165])[0]).toMatch(/^sample_ratio critical/);
});

it('sees empty arms, few events, and a plan not reached', () => {
  const input = sampleInput(['A', 'B'], [visits('A', 9, 1000)], { plannedPerArm: 1200 });
  const texts = buildReport(input).health.map((one) => one.text);
  expect(texts).toContain('Nobody is in B; nothing can be said about it.');
  expect(texts).toContain(
    'Very few recipients tell the arms apart on visit (A 9). Read these figures as rough.',
  );
  expect(texts.join()).toMatch(/asks for 1,200 recipients per arm; A has 1,000 and B has 0/);
});

it('grades fallbacks by their share of an arm', () => {
  const delivered = (fallback: number) => [
    { arm: 'B', delivered: 'strategy' as const, recipients: 1000 - fallback },
    { arm: 'B', delivered: 'fallback' as const, reason: 'no rule matched', recipients: fallback },
  ];
  const graded = (fallback: number) =>
    findings({ delivered: delivered(fallback) }).find((one) => one.startsWith('fallback'));
  expect(graded(0)).toMatch(/^fallback_share ok/);
  expect(graded(49)).toMatch(/^fallback_share notice: .*B 4\.9% \(no rule matched\)/);
  expect(graded(50)).toMatch(/^fallback_share warning/);
  expect(graded(300)).toMatch(/^fallback_share critical/);
});

it('minds skipped rows, most of all when the arms lost unlike shares', () => {
  expect(findings({ source: file(2000, 0) }).join()).not.toMatch(/skipped/);
  expect(findings({ source: file(2000, 10), ...arms({ skipped: 5 }, { skipped: 5 }) }).join()).toMatch(
    /skipped_rows notice: 10 of 2,010 rows \(0\.50%\)/,
  );
  const uneven = sampleInput(['A', 'B'], [visits('A', 100, 1000), visits('B', 150, 1000)], {
    source: file(2000, 40),
    ...arms({ skipped: 3 }, { skipped: 37 }),
  });
  expect(buildReport(uneven).verdict.kind).toBe('untrustworthy');
});

// Of 40 bad rows B, with 1,040 of 10,040 rows, has all: 0.1036^40 is far below 0.001; chi-square expects 4.1 there.
it('judges unlike losses exactly where few are expected', () => {
  const blocked = (a: number, b: number): boolean =>
    buildReport(
      sampleInput(['A', 'B'], [visits('A', 900, 9000), visits('B', 100, 1000)], {
        source: file(10_000, a + b),
        ...arms({ skipped: a, weight: undefined }, { skipped: b, weight: undefined }),
      }),
    ).health.some((one) => one.check === 'skipped_rows' && one.blocksVerdict === true);
  expect(blocked(0, 40)).toBe(true);
  expect(blocked(0, 3)).toBe(false); // 0.1^3 is just 0.001
  expect(blocked(36, 4)).toBe(false);
});

it('judges unlike losses arm by arm where the tables are too many to list', () => {
  const keys = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
  const lost = (of: string): number => (of === 'H' ? 20 : 100);
  const size = (of: string): number => (of === 'H' ? 20 : 20_000);
  const input = sampleInput(
    keys,
    keys.map((key) => visits(key, size(key) / 10, size(key))),
    {
      source: file(140_020, 720),
      arms: keys.map((key) => ({ key, title: key, levels: [key], skipped: lost(key) })),
    },
  );
  expect(buildReport(input).verdict.kind).toBe('untrustworthy');
});

it('names the columns that cost rows, and that the rows are in no metric', () => {
  const skippedBy = [
    { column: 'visit', rows: 6 },
    { column: 'spend', rows: 3 },
  ];
  const source = file(2000, 10);
  expect(findings({ source, skippedBy, ...arms({ skipped: 5 }, { skipped: 5 }) }).join()).toMatch(
    /left out of every metric: 6 because of column “visit”, 3 because of column “spend” and 1 because of their form/,
  );
});

it('names levels that differ only by white space or case', () => {
  const of = (...keys: string[]): string | undefined =>
    buildReport(
      sampleInput(
        keys,
        keys.map((key) => visits(key, 100, 1000)),
      ),
    ).health.find((one) => one.check === 'similar_names')?.text;
  expect(of('A', 'B')).toBeUndefined();
  expect(of('new', 'New', 'A')).toMatch(/"new" and "New" \(arm\)/);
  expect(of('A', 'A ')).toMatch(/"A" and "A " \(arm\)/);
  expect(of('A b', 'A\u00a0b')).toContain('"A b" and "A\\u00a0b"');
});
