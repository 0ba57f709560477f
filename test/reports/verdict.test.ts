import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { ReportInput } from '../../src/reports/report-input.js';
import type { Verdict } from '../../src/reports/report.js';
import { sampleInput, visit, visits } from './sample-input.js';

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
  ['several better, best not shown', { A: [100, 1000], B: [150, 1000], C: [155, 1000] }, {}, 'several_better', /Which of them is best is not shown: C minus B is \+0\.5 pp/],
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
});
