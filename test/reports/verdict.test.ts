import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { CellSums, ReportInput } from '../../src/reports/report-input.js';
import type { Verdict } from '../../src/reports/report.js';
import { sampleInput, spend, successes, visit, visits } from './sample-input.js';

type Counts = Readonly<Record<string, readonly [number, number]>>;

function verdict(counts: Counts, more: Partial<ReportInput> = {}): Verdict {
  const cells = Object.entries(counts).map(([arm, [x, n]]) => visits(arm, x, n));
  return buildReport(
    sampleInput(Object.keys(counts), [...cells, ...(more.cells ?? [])], {
      ...more,
      cells: [...cells, ...(more.cells ?? [])],
    }),
  ).verdict;
}

const unsubscribed = {
  ...visit,
  key: 'unsubscribed',
  title: 'unsubscribed',
  role: 'guardrail',
  direction: 'decrease',
} as const;

function withUnsubscribed(counts: Counts): Partial<ReportInput> {
  return {
    metrics: [visit, unsubscribed],
    cells: Object.entries(counts).map(([arm, [x, n]]) => ({ ...visits(arm, x, n), metric: 'unsubscribed' })),
  };
}

const cases: readonly [name: string, counts: Counts, more: Partial<ReportInput>, kind: string, sentence: RegExp][] = [
  ['one better arm', { A: [100, 1000], B: [150, 1000] }, {}, 'better',
    /^B did better than A on visit: 15\.0% against 10\.0%, \+5\.0 pp \(95% interval \+2\.1 to \+7\.9 pp; \+50% relative; p = 0\.00072; 2,000 recipients\)\.$/],
  ['one worse arm', { A: [150, 1000], B: [100, 1000] }, {}, 'worse', /^B did worse than A on visit: .*-5\.0 pp/],
  ['lower is better', { A: [150, 1000], B: [100, 1000] }, { metrics: [{ ...visit, direction: 'decrease' }] }, 'better',
    /^B did better than A on visit \(lower is better\)/],
  ['22 of 100 against 24 of 100', { A: [22, 100], B: [24, 100] }, {}, 'no_difference_shown',
    /^No difference shown on visit between B and A: 24\.0% against 22\.0%, \+2\.0 pp \(95% interval -9\.7 to \+13\.7 pp; \+9% relative; p = 0\.74; 200 recipients\)\. .* anything from -9\.7 pp to \+13\.7 pp\.$/],
  ['several better, one best', { A: [100, 1000], B: [150, 1000], C: [300, 1000] }, {}, 'several_better', /C also did better than every other arm/],
  ['several better, best not shown', { A: [100, 1000], B: [150, 1000], C: [155, 1000] }, {}, 'several_better', /Which of them is best is not shown: C minus B is \+0\.5 pp \(95% interval .* pp, not corrected\)/],
  ['one better, one worse', { A: [200, 1000], B: [260, 1000], C: [140, 1000] }, {}, 'better', /^B did better/],
  ['several worse', { A: [300, 1000], B: [100, 1000], C: [120, 1000] }, {}, 'worse', /^B and C each did worse than A/],
  ['none of several', { A: [100, 1000], B: [101, 1000], C: [99, 1000] }, {}, 'no_difference_shown', /none of 2 comparisons/],
  ['a split that went wrong', { A: [100, 1000], B: [200, 1300] }, {}, 'untrustworthy', /^Do not decide on these data\. .*A 43\.5% \(planned 50\.0%\)/],
  ['recipients in an arm of weight zero', { A: [1, 50], B: [2, 50] },
    { arms: [{ key: 'A', title: 'A', levels: ['A'], weight: 1 }, { key: 'B', title: 'B', levels: ['B'], weight: 0 }] }, 'untrustworthy', /^Do not decide/],
  ['before its time', { A: [100, 1000], B: [150, 1000] }, { interim: 'The last window closes on 3 March.' }, 'interim', /^No verdict yet\. The last window closes/],
  ['a broken split before its time', { A: [100, 1000], B: [200, 1300] }, { interim: 'Later.' }, 'untrustworthy', /^Do not decide/],
  ['a metric that must not decide', { A: [100, 1000], B: [150, 1000] }, { metrics: [{ ...visit, undecidable: 'the control was sent nothing.' }] }, 'refused',
    /^No verdict on visit: the control was sent nothing\.$/],
  ['nobody converted', { A: [0, 1000], B: [0, 1000] }, {}, 'refused', /^No verdict on visit: Nobody/],
  ['one arm only', { A: [10, 100] }, {}, 'refused', /only one arm/],
  ['nobody there', { A: [0, 0], B: [0, 0] }, {}, 'refused', /^No verdict/],
  ['a guardrail got worse', { A: [100, 1000], B: [150, 1000] }, withUnsubscribed({ A: [10, 1000], B: [20, 1000] }), 'held_back',
    /^B did better than A on visit: .* But unsubscribed got worse, so this is held back\.$/],
  ['a guardrail did not get worse', { A: [100, 1000], B: [150, 1000] }, withUnsubscribed({ A: [10, 1000], B: [11, 1000] }), 'better', /^B did better/],
  ['a guardrail without events', { A: [100, 1000], B: [150, 1000] }, withUnsubscribed({ A: [0, 1000], B: [0, 1000] }), 'better', /^B did better/],
  ['one of two better arms is held back', { A: [100, 1000], B: [150, 1000], C: [160, 1000] },
    withUnsubscribed({ A: [10, 1000], B: [10, 1000], C: [30, 1000] }), 'better', /^B did better/],
]; // prettier-ignore

/** Of `n` recipients `ones` spend 1.00 and `hundreds` spend 100.00. */
function spending(arm: string, n: number, ones: number, hundreds: number): CellSums {
  const [some, many] = [BigInt(ones), BigInt(hundreds)];
  const power = (k: number): bigint => some * 100n ** BigInt(k) + many * 10_000n ** BigInt(k);
  const sums = {
    n: BigInt(n),
    nonZero: some + many,
    sum: power(1),
    sumSquares: power(2),
    sumCubes: power(3),
  };
  return { metric: 'spend', arm, sums };
}

describe('verdict', () => {
  it.each(cases)('%s', (_, counts, more, kind, sentence) => {
    const result = verdict(counts, more);
    expect(result.sentence).toMatch(sentence);
    expect(result.kind).toBe(kind);
    expect(JSON.stringify(result)).not.toMatch(/winner|NaN|undefined|Infinity/i);
  });

  it('goes by the p-value corrected for the number of arms, and says so', () => {
    const two = verdict({ A: [100, 1000], B: [128, 1000] });
    const three = verdict({ A: [100, 1000], B: [128, 1000], C: [100, 1000] });
    expect(two.kind).toBe('better');
    expect(three.kind).toBe('no_difference_shown');
    expect(three.notes[0]).toMatch(/^B: no difference .* excludes no effect, but one of 2 comparisons/);
  });

  it('names the arms it speaks of', () => {
    expect(verdict({ A: [100, 1000], B: [150, 1000], C: [300, 1000] }).arms).toEqual(['B', 'C']);
    expect(verdict({ A: [100, 1000], B: [100, 1000] }).arms).toEqual([]);
  });

  it('does not decide by a t test that warns of skewed outcomes in unequal arms, unless p is at most 0.01', () => {
    const spent = (b: CellSums): Verdict =>
      buildReport(sampleInput(['A', 'B'], [spending('A', 18_000, 100, 52), b], {
        metrics: [spend],
        arms: ['A', 'B'].map((key) => ({ key, title: key, levels: [key] })),
      })).verdict; // prettier-ignore
    const doubtful = spent(spending('B', 2000, 5, 2));
    expect(doubtful.kind).toBe('refused');
    expect(doubtful.sentence).toMatch(
      /^No verdict on spend: B against A gave p = 0\.018, but .* cannot be relied on\. Here only a p-value of at most 0\.01 counts/,
    );
    expect(doubtful.notes.join()).toMatch(/B: Very uneven outcomes and arms of very different size/);
    expect(spent(spending('B', 2000, 5, 1))).toMatchObject({ kind: 'worse' });
    const nothing = spent(spending('B', 2000, 11, 6));
    expect(nothing.kind).toBe('no_difference_shown');
    expect(nothing.notes.join()).toMatch(/Very uneven outcomes/);
  });

  it('passes on what the statistics warn of', () => {
    const few = verdict({ A: [0, 50], B: [3, 50] });
    expect(few.notes.join()).toMatch(/B: An expected count is below 5/);
  });

  const harmful = { A: [10, 1000], B: [40, 1000] } as const;
  it.each([
    ['no difference shown', { A: [100, 1000], B: [101, 1000] }, {}, 'no_difference_shown', /^But unsubscribed got worse in B: 4\.0% against 1\.00%, .*one-sided p < 0\.0001/],
    ['worse', { A: [150, 1000], B: [100, 1000] }, {}, 'worse', /^But unsubscribed got worse in B/],
    ['refused', { A: [0, 1000], B: [0, 1000] }, {}, 'refused', /^But unsubscribed got worse in B/],
    ['interim', { A: [100, 1000], B: [101, 1000] }, { interim: 'Later.' }, 'interim', /^So far unsubscribed looks worse in B/],
    ['must not decide', { A: [100, 1000], B: [101, 1000] }, { metrics: [{ ...visit, undecidable: 'opens.' }, unsubscribed] }, 'refused', /^But unsubscribed got worse in B/],
  ] as const)('tells of a guardrail that got worse beside: %s', (_, counts, more, kind, note) => {
    const result = verdict(counts, { ...withUnsubscribed(harmful), ...more });
    expect(result.kind).toBe(kind);
    expect(result.notes.find((one) => /unsubscribed/.test(one))).toMatch(note);
  }); // prettier-ignore

  it('shows the one-sided p by which a guardrail got worse', () => {
    const counts = { A: [200, 2000], B: [300, 2000], C: [205, 2000] } as const;
    const held = verdict(counts, withUnsubscribed({ A: [40, 2000], B: [57, 2000], C: [40, 2000] }));
    // 57 against 40 of 2,000: pooled z = 1.75, p = 0.081 on two sides, 0.040 on one
    expect(held.kind).toBe('held_back');
    expect(held.notes[0]).toMatch(/one-sided p = 0\.040; 4,000 recipients\)\. A guardrail counts/);
    expect(held.notes[0]).not.toMatch(/correction/);
  });

  it('holds back what got better where a guardrail cannot be tested but looks worse', () => {
    const cost = { ...spend, key: 'cost', title: 'cost', role: 'guardrail', direction: 'decrease' } as const;
    const all = (arm: string, each: bigint): CellSums => {
      const sums = { n: 1000n, nonZero: each ? 1000n : 0n, sum: 1000n * each, sumSquares: 1000n * each ** 2n, sumCubes: 1000n * each ** 3n };
      return { metric: 'cost', arm, sums };
    }; // prettier-ignore
    const of = (a: bigint, b: bigint): Verdict =>
      verdict(
        { A: [100, 1000], B: [150, 1000] },
        { metrics: [visit, cost], cells: [all('A', a), all('B', b)] },
      );
    const result = of(0n, 900n);
    expect(result.kind).toBe('held_back');
    expect(result.sentence).toMatch(/But whether cost got worse cannot be tested, so this is held back\.$/);
    expect(result.notes[0]).toMatch(
      /^B is held back: cost could not be tested \(€9\.00 against €0\.00\): All outcomes/,
    );
    const fine = of(900n, 0n);
    expect(fine.kind).toBe('better');
    expect(fine.notes[0]).toMatch(/^B: cost could not be tested \(€0\.00 against €9\.00\)/);
    const unknown = verdict(
      { A: [100, 1000], B: [150, 1000] },
      { metrics: [visit, cost], cells: [all('A', 0n)] },
    );
    expect(unknown.kind).toBe('held_back');
  });
});

describe('verdict on factor levels', () => {
  type Grid = Readonly<Record<'a/c' | 'a/d' | 'b/c' | 'b/d', number>>;
  const level = (key: string) => ({ key, title: key });

  function ofGrid(won: Grid, left: Grid = { 'a/c': 30, 'a/d': 30, 'b/c': 30, 'b/d': 30 }): Verdict {
    const keys = Object.keys(won) as (keyof Grid)[];
    const cells = keys.flatMap((arm) => [
      visits(arm, won[arm], 3000),
      { metric: 'unsubscribed', arm, sums: successes(left[arm], 3000) },
    ]);
    return buildReport({
      ...sampleInput(keys, cells, { metrics: [visit, unsubscribed] }),
      factors: [
        { key: 'sender', title: 'sender', levels: ['a', 'b'].map(level) },
        { key: 'subject', title: 'subject', levels: ['c', 'd'].map(level) },
      ],
      arms: keys.map((key) => ({ key, title: key.replace('/', ' · '), levels: key.split('/'), weight: 1 })),
    }).verdict;
  }

  it('names the baselines and what better levels reach together', () => {
    const result = ofGrid({ 'a/c': 300, 'a/d': 421, 'b/c': 390, 'b/d': 511 });
    expect(result).toMatchObject({ kind: 'several_better', arms: ['sender=b', 'subject=d'] });
    expect(result.sentence).toBe(
      'sender b (rather than a) and subject d (rather than c) each did better on visit, averaged over the other factor. ' +
        'Levels of different factors can be combined: b · d reached 17.0%, a · c 10.0%.',
    );
  });

  it('looks at a guardrail where its effect is not the same everywhere', () => {
    const won = { 'a/c': 300, 'a/d': 421, 'b/c': 300, 'b/d': 421 };
    expect(ofGrid(won)).toMatchObject({ kind: 'better', arms: ['subject=d'] });
    const crossed = ofGrid(won, { 'a/c': 30, 'a/d': 90, 'b/c': 90, 'b/d': 30 });
    expect(crossed).toMatchObject({ kind: 'held_back', arms: ['subject=d'] });
    expect(crossed.notes[0]).toMatch(
      /^subject d is held back: unsubscribed got worse, where sender = a: .*one-sided p/,
    );
    expect(crossed.notes[1]).toMatch(/^But unsubscribed got worse in sender b, where subject = c/);
  });

  it('does not hold back for a guardrail that nobody failed', () => {
    const result = ofGrid(
      { 'a/c': 300, 'a/d': 421, 'b/c': 300, 'b/d': 421 },
      { 'a/c': 0, 'a/d': 0, 'b/c': 0, 'b/d': 0 },
    );
    expect(result.kind).toBe('better');
    expect(result.notes[0]).toMatch(
      /^subject d: unsubscribed could not be tested.* \(0\.00% against 0\.00%\)/,
    );
  });
});
