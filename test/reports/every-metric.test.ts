import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import { reportAsCsv } from '../../src/reports/as-csv.js';
import { reportAsText } from '../../src/reports/as-text.js';
import type { MetricReport } from '../../src/reports/report-metric.js';
import { renderReportBody, renderReportEmail } from '../../src/web/render-report.js';
import { everyInput, everyMetric } from './every-metric.js';

const report = buildReport(everyInput());

function metric(key: string): MetricReport {
  const found = report.metrics.find((one) => one.key === key);
  if (!found) throw new Error(key);
  return found;
}

describe('a report with every type of metric', () => {
  it('refuses nothing, and says NaN nowhere', () => {
    expect(report.metrics.map(({ key }) => key)).toEqual(everyMetric.map(({ key }) => key));
    const refused = JSON.stringify(report.metrics).includes('"refused"');
    expect(refused).toBe(false);
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });

  it('shows ratios of totals with their denominators', () => {
    const [plain] = metric('average_order').arms;
    const [y, d] = [Number(plain?.total), Number(plain?.denominator?.total)];
    expect(plain?.denominator?.text).toBe(`of ${d} purchases`);
    expect((plain?.unadjusted as { value: number }).value).toBeCloseTo(y / d, 10);
    expect(metric('click_to_open')).toMatchObject({ unit: 'share', diagnostic: true, denominator: 'opened' });
    const open = metric('open').arms[0];
    expect((open?.value as { value: number }).value).toBeCloseTo(
      Number(open?.total) / Number(open?.denominator?.total),
      12,
    );
  });

  it('marks what compares different people, and what counts opens, as undecidable', () => {
    const undecidable = report.metrics.filter((one) => one.undecidable !== undefined).map(({ key }) => key);
    expect(undecidable).toEqual(['open', 'click_to_open', 'average_order']);
    for (const one of metric('click_to_open').comparisons)
      expect(one.warnings.map(({ code }) => code)).toContain('diagnostic_ratio');
    expect(metric('open').comparisons.flatMap((one) => one.warnings)).toEqual([]);
  });

  it('adjusts for the covariate, keeps levels and differences consistent, and shows both', () => {
    for (const key of ['conversion', 'revenue', 'average_order']) {
      const { arms, comparisons, adjustment } = metric(key);
      expect(adjustment).toMatchObject({ slopes: 'per_arm' });
      const value = (i: number): number => (arms[i]?.value as { value: number }).value;
      for (const [i, one] of comparisons.entries()) {
        expect((one.difference as { value: number }).value).toBeCloseTo(value(i + 1) - value(0), 9);
        const width = ({ lower, upper }: { lower: number; upper: number }): number => upper - lower;
        const ratio =
          width(one.difference as { lower: number; upper: number }) /
          width(one.unadjusted?.difference as { lower: number; upper: number });
        expect(one.varianceReduction?.value).toBeGreaterThan(0);
        expect(ratio).toBeLessThan(1.005);
      }
    }
    expect(metric('repeat').adjustment).toBeUndefined();
  });

  it('tells what was capped', () => {
    const revenue = metric('revenue');
    expect(revenue.cap).toBe('€250.00');
    expect(revenue.arms[1]?.capped).toEqual({
      recipients: 3,
      excess: '1234.56',
      text: '3 recipients capped at €250.00, €1,234.56 cut',
    });
  });

  it('shows the same on every face', async () => {
    const [html, mail] = [await renderReportBody(report), await renderReportEmail(report)];
    const [text, csv] = [reportAsText(report), reportAsCsv(report)];
    const plain = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\u00a0/g, ' ').replace(/\s+/g, ' ');
    for (const face of [plain(html), plain(mail.html), text.replace(/\s+/g, ' ')]) {
      expect(face).toContain('3 recipients capped at €250.00, €1,234.56 cut');
      expect(face).toContain('12 d 10 h');
      expect(face).toContain('cannot be excluded');
      expect(face).toContain('Unadjusted: warm +7.2 pp');
      expect(face).toContain('Shown, and decides nothing');
    }
    for (const face of [plain(html), plain(mail.html)]) expect(face).toContain('of 1,925 delivered');
    expect(text.split('\n').every((line) => line.length <= 110)).toBe(true);
    expect(csv).toMatch(/^arm,open,,,plain,.*,1925,/m);
    expect(csv).toMatch(/^comparison,unsubscribe,.*,not_excluded,0\.\d+\r$/m);
    expect(csv).toMatch(/^station,delivered,,,plain,,,1925,/m);
    expect(html).not.toMatch(/undefined|NaN/);
  });
}); // prettier-ignore
