import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { MetricType } from '../../src/experiments/experiment.js';
import type { CellSums, ReportInput } from '../../src/reports/report-input.js';
import { addCrossSums, crossSumsOf, emptyCrossSums } from '../../src/statistics/cross-sums.js';
import { sampleInput, sumsOfAll, visit, visits } from './sample-input.js';

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

it('finds arms that were unlike before the assignment, and only those', () => {
  const metric = { ...visit, covariate: 'visits before' };
  const cells = (shift: number): CellSums[] =>
    ['A', 'B'].map((arm, a) => {
      const rows = Array.from({ length: 2000 }, (_, i) => [BigInt(i % 2), BigInt((i % 10) + a * shift)]);
      const cross = rows.map(crossSumsOf).reduce(addCrossSums, emptyCrossSums(2));
      return { ...visits(arm, 1000, 2000), cross };
    });
  const of = (shift: number) => buildReport(sampleInput(['A', 'B'], cells(shift), { metrics: [metric] }));
  expect(of(0).health.find(({ check }) => check === 'covariate_balance')).toMatchObject({ severity: 'ok' });
  expect(of(1).health.find(({ check }) => check === 'covariate_balance')).toMatchObject({
    severity: 'critical',
    blocksVerdict: true,
  });
  expect(of(1).verdict.kind).toBe('untrustworthy');
  const plain = buildReport(sampleInput(['A', 'B'], cells(1)));
  expect(plain.health.some(({ check }) => check === 'covariate_balance')).toBe(false);
});

it('counts few events of shares and of amounts by their own measure, and of times not at all', () => {
  const few = (type: MetricType, some: number) => {
    const sums = [...Array.from({ length: some }, () => 1), ...Array.from({ length: 200 - some }, () => 0)];
    const cells = ['A', 'B'].map((arm) => ({ metric: 'visit', arm, sums: sumsOfAll(sums) }));
    const report = buildReport(sampleInput(['A', 'B'], cells, { metrics: [{ ...visit, type }] }));
    return report.health.some(({ check }) => check === 'few_events');
  };
  expect([few('retention', 9), few('retention', 10), few('retention', 195)]).toEqual([true, false, true]);
  expect([few('mean', 49), few('mean', 50)]).toEqual([true, false]);
  expect(few('time_to_event', 3)).toBe(false);
});

describe('a model that knows the answer', () => {
  const model = {
    arm: 'B',
    model: 'picks/3',
    from: '2025-12-01T00:00:00.000Z',
    until: '2026-02-01T00:00:00.000Z',
    fromHere: 0,
    declared: false,
  };
  const started = '2026-03-01T00:00:00.000Z';
  const graded = (more: object, ended?: string) =>
    findings({ models: [{ ...model, ...more }], started, ...(ended !== undefined && { ended }) }).find(
      (one) => one.startsWith('contaminated_model'),
    );
  const until = '2026-03-09T12:00:00.000Z';
  const score = { trait: 'score_picks', by: 'strategy tiers@1', recipients: 340, unsure: 0 };

  it('is told from one that learned before the start, with its window and how much of the experiment is in it', () => {
    expect(graded({})).toMatch(/^contaminated_model ok/);
    expect(graded({ until: started })).toMatch(/^contaminated_model ok/);
    expect(graded({ score })).toMatch(/^contaminated_model ok/);
    expect(graded({ until })).toMatch(
      /^contaminated_model warning: B decides by picks\/3, which learned from what happened from 2025-12-01 until 2026-03-09, 8 days of this experiment, which started on 2026-03-01\./,
    );
    expect(graded({ until }, '2026-03-03T00:00:00.000Z')).toMatch(/, 2 days of this experiment/);
    expect(graded({ until: '2026-03-01T03:00:00.000Z' })).toMatch(/, less than a day of this experiment/);
    expect(graded({ fromHere: 1200 })).toMatch(
      /learned from what happened from 2025-12-01 until 2026-02-01, and from 1,200 recipients of this experiment after they were enrolled\./,
    );
    expect(findings({}).join()).not.toMatch(/contaminated/);
  });

  it('comes with what to do, unless it is declared', () => {
    expect(graded({ until })).toMatch(
      /\(postulate strategies learn picks --clock 2026-03-01T00:00:00\.000Z\)\.$/,
    );
    const declared = graded({ until, declared: true });
    expect(declared).toMatch(/^contaminated_model notice: .* as is declared\./);
    expect(declared).not.toMatch(/postulate/);
  });

  it('is found behind a score that an arm looks at, with of whom it said it, surely or perhaps', () => {
    expect(graded({ until, score })).toMatch(
      /^contaminated_model warning: B \(strategy tiers@1\) looks at score_picks, which was said by picks\/3 of 340 recipients; picks\/3 learned from .* --clock \S+; postulate strategies score picks\)\.$/,
    );
    expect(graded({ until, score: { ...score, unsure: 1 } })).toMatch(
      /of 340 recipients, and may have been said by it of 1 recipient whose score was said anew since;/,
    );
    expect(graded({ until, score: { ...score, recipients: 0, unsure: 2 } })).toMatch(
      /which may have been said by picks\/3 of 2 recipients whose/,
    );
  });

  it('is found at the end of a way from one that reads its score, with that way', () => {
    const path = [{ model: 'c/1', trait: 'score_b' }, { model: 'b/1', trait: 'score_picks' }]; // prettier-ignore
    const text = graded({ until, path });
    expect(text).toMatch(
      /^contaminated_model warning: B decides by c\/1; c\/1 reads score_b, which b\/1 may have said; b\/1 reads score_picks, which picks\/3 may have said; picks\/3 learned from what happened from 2025-12-01 until 2026-03-09, 8 days of this experiment, which started on 2026-03-01\./,
    );
    expect(text).toMatch(
      /\(postulate strategies learn picks --clock \S+; postulate strategies score picks; postulate strategies learn b --clock \S+; postulate strategies score b; postulate strategies learn c --clock \S+\)\.$/,
    );
    expect(graded({ until, path, declared: true })).toMatch(
      /^contaminated_model notice: .* as is declared\./,
    );
    expect(graded({ path })).toMatch(/^contaminated_model ok/);
  });

  it('names of several models of one name at the end of a way the last, and none behind one that is named itself', () => {
    const path = [{ model: 'b/1', trait: 'score_picks' }];
    const models = [
      ...[4, 6, 5].map((n) => ({
        ...model,
        path,
        model: `picks/${n}`,
        until: `2026-03-0${n}T00:00:00.000Z`,
      })),
      { ...model, path: [{ model: 'b/2', trait: 'score_picks' }], model: 'picks/7', until },
      { ...model, model: 'b/2', until },
    ];
    const text = findings({ models, started }).find((one) => one.startsWith('contaminated_model'));
    expect(text?.match(/(?<=; )picks\/\d(?= learned)/g)).toEqual(['picks/6']);
    expect(text).toMatch(/B decides by b\/2, which learned/);
  });

  it('is only noted where it makes cohorts, which every arm has alike', () => {
    const cohort = { ...score, by: 'cohort score_picks' };
    const text = graded({ arm: undefined, until, score: cohort });
    expect(text).toMatch(
      /^contaminated_model notice: The cohort score_picks looks at score_picks, .* Cohorts by such a score/,
    );
    expect(text).not.toMatch(/read the effect/);
  });
});
