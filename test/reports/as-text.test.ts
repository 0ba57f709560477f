import { expect, it } from 'vitest';
import { reportAsText } from '../../src/reports/as-text.js';
import { buildReport } from '../../src/reports/build-report.js';
import { sampleInput, spend, sumsOfAll, visits } from './sample-input.js';

const city = (value: string) => ({ trait: 'city', value });

// 150/1000 against 100/1000: z = 0.05 / sqrt(2 * 0.125 * 0.875 / 1000) = 3.3806, p = 0.00072. Wilson by
// its formula: 8.29% to 12.02% and 12.92% to 17.35%.
it('writes a readable report, control characters made visible', () => {
  const cells = [visits('A', 100, 1000), visits('B', 150, 1000), visits('A', 10, 40, city('x')), visits('B', 18, 40, city('x'))];
  const input = sampleInput(['A', 'B'], cells, { cohorts: ['city'] });
  const named = { ...input, arms: input.arms.map((arm) => (arm.key === 'A' ? { ...arm, title: 'Plain\u001b' } : arm)) };
  const text = reportAsText({ ...buildReport(named), snapshot: 'r_1' });
  expect(text).toMatchInlineSnapshot(`
    "A test
    ======
    2,000 recipients, 2 arms, control: Plain\\x1b

    VERDICT
      B did better than Plain\\x1b on visit: 15.0% against 10.0%, +5.0 pp (95% interval +2.1 to
      +7.9 pp; +50% relative; p = 0.00072; 2,000 recipients).

    HEALTH
      ok: Split as planned. 2,000 recipients: A 50.0% (planned 50.0%) and B 50.0% (planned 50.0%);
        p = 1.

    VISIT (primary; higher is better)
      arm                  recipients  yes   rate    95% interval
      Plain\\x1b (control)       1,000  100  10.0%   8.3% to 12.0%
      B                         1,000  150  15.0%  12.9% to 17.3%

      against the control  difference     95% interval  uplift  95% interval        p
      B                       +5.0 pp  +2.1 to +7.9 pp    +50%  +18% to +90%  0.00072

    COHORTS BY CITY (exploratory)
      Intervals and p are not corrected for the number of cohorts.

      visit: B against the control. Do cohorts differ? Fewer than two cohorts are large and varied
      enough to compare.
         recipients  control    arm  difference      95% interval      p  steadied
      x          80    25.0%  45.0%    +20.0 pp  -0.9 to +39.4 pp  0.061         -

    Source: experiment a-test. As of 2026-03-01T00:00:00.000Z.
    Snapshot: r_1
    "
  `);
  expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
}); // prettier-ignore

it('says once per table what is not corrected, and names methods in words', () => {
  const three = [visits('A', 100, 1000), visits('B', 150, 1000), visits('C', 120, 1000)];
  const text = reportAsText(buildReport(sampleInput(['A', 'B', 'C'], three)));
  expect(text.match(/not corrected for the number of arms; the column Holm is\./g)).toHaveLength(1);
  expect(text).toMatch(
    /All arms alike\? p = 0\.0\d+ \(Pearson's chi-squared test of equal rates: \d+\.\d+, df 2\)/,
  );
  expect(text).not.toMatch(/proportion\./);
});

it('has no table of comparisons where there is one arm', () => {
  const text = reportAsText(buildReport(sampleInput(['A'], [visits('A', 10, 100)])));
  expect(text).not.toMatch(/against the control|not corrected/);
});

it('shows a mean without its interval where all outcomes are equal', () => {
  const cells = ['A', 'B'].map((arm) => ({ metric: 'spend', arm, sums: sumsOfAll([0, 0]) }));
  const text = reportAsText(buildReport(sampleInput(['A', 'B'], cells, { metrics: [spend] })));
  expect(text).toMatch(/A \(control\) +2 +0\.00 +€0\.00 +-\n/);
  expect(text).toMatch(/- A: no interval\. All outcomes are equal/);
});
