import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, type AnalyzeRequest } from '../../src/flows/analyze-file.js';
import type { CampaignMetric } from '../../src/reports/campaign-input.js';
import type { Report } from '../../src/reports/report.js';
import type { ReportEstimate, ReportTest } from '../../src/reports/report-figures.js';
import type { Refusal } from '../../src/statistics/result.js';

const data = join(import.meta.dirname, '../../../shared/data');
const absent = !existsSync(join(data, 'hillstrom.csv.gz'));
if (absent) console.log(`Skipped: the published campaign files are not in ${data}.`);

const now = new Date('2026-03-01T00:00:00Z');
const metric = (
  column: string,
  type: CampaignMetric['type'],
  role: CampaignMetric['role'],
): CampaignMetric => ({
  column,
  type,
  role,
  direction: 'increase',
});

async function analyze(file: string, more: Partial<AnalyzeRequest>): Promise<Report> {
  const request = {
    path: join(data, file),
    level: 0.95,
    factors: [],
    baselines: [],
    metrics: [],
    cohorts: [],
    weights: [],
  };
  return (await analyzeFile({ ...request, ...more }, { now })).report;
}

function known(of: ReportEstimate | Refusal | undefined): ReportEstimate {
  if (!of || 'refused' in of) throw new Error('refused');
  return of;
}

function pOf(of: ReportTest | Refusal): number {
  if ('refused' in of) throw new Error('refused');
  return of.p;
}

describe.skipIf(absent)('published campaigns', () => {
  it('gives the published figures of the Hillstrom e-mail test', async () => {
    const report = await analyze('hillstrom.csv.gz', {
      factors: ['segment'],
      baselines: ['No E-Mail'],
      metrics: [
        metric('visit', 'proportion', 'primary'),
        metric('conversion', 'proportion', 'secondary'),
        metric('spend', 'money', 'secondary'),
      ],
      weights: ['equal'],
      cohorts: ['zip_code', 'newbie', 'history_segment'],
    });
    const rows = report.metrics.flatMap((one) => one.arms.map((arm) => known(arm.value).value.toFixed(6)));
    expect(report.arms.map((arm) => arm.key)).toEqual(['No E-Mail', 'Mens E-Mail', 'Womens E-Mail']);
    expect(rows).toEqual([
      '0.106167', '0.182757', '0.151400',
      '0.005726', '0.012531', '0.008837',
      '0.652789', '1.422617', '1.077202',
    ]); // prettier-ignore
    const compared = report.metrics.flatMap((one) => one.comparisons);
    const published = [5.685e-112, 3.182e-44, 1.523e-13, 1.571e-4, 1.164e-7, 1.129e-3];
    compared.forEach((one, i) => {
      const p = published[i] ?? 0;
      expect(Math.abs(pOf(one.test) / p - 1)).toBeLessThan(5e-4);
    });
    const uplifts = compared.map((one) => known(one.uplift).value.toFixed(4));
    expect(uplifts).toEqual(['0.7214', '0.4261', '1.1884', '0.5433', '1.1793', '0.6502']);
    const wald = compared.slice(0, 2).flatMap((one) => {
      const { lower, upper } = known(one.otherTools?.wald);
      return [lower?.toFixed(5), upper?.toFixed(5)];
    });
    expect(wald).toEqual(['0.06995', '0.08323', '0.03889', '0.05157']);
    expect(report.metrics.map((one) => one.arms.map((arm) => arm.total))).toEqual([
      ['2262', '3894', '3238'],
      ['122', '267', '189'],
      ['13908.33', '30311.69', '23038.11'],
    ]);
    expect(report.verdict.kind).toBe('several_better');
    expect(report.cohorts.map((one) => one.effects[0]?.values.length)).toEqual([3, 2, 7]);
  });

  it('gives the published figures of the 2 x 2 of from line and subject', async () => {
    const report = await analyze('email-2x2-from-subject-2020.csv.gz', {
      factors: ['from_line', 'subject_line'],
      baselines: [undefined, 'invest'],
      metrics: [metric('opened', 'proportion', 'primary')],
    });
    const [opened] = report.factorial?.metrics ?? [];
    const bounds = (of: ReportEstimate): string[] => [of.lower, of.upper].map((x) => (x ?? NaN).toFixed(3));
    const main = opened?.main.find((one) => one.factors[0] === 'subject_line');
    expect(bounds(known(main?.difference))).toEqual(['0.007', '0.082']);
    const simple = opened?.simple.filter(
      (one) =>
        Object.values(one.at ?? {}).join() === 'board_chair' ||
        Object.values(one.at ?? {}).join() === 'invest',
    );
    const [sender, subject] = simple ?? [];
    expect(bounds(known(subject?.difference))).toEqual(['0.004', '0.113']);
    expect(bounds(known(sender?.difference))).toEqual(['-0.064', '0.040']);
    expect(opened?.lead).toBe('main');
    expect(report.verdict).toMatchObject({ kind: 'better', arms: ['subject_line=catalyst'] });
  });

  it('gives the published figures of the matching gifts', async () => {
    const report = await analyze('karlan-list-2007-direct-mail.csv.gz', {
      factors: ['match_ratio'],
      baselines: ['control'],
      metrics: [metric('gave', 'proportion', 'primary'), metric('amount', 'money', 'secondary')],
      currency: 'USD',
    });
    const rates = report.metrics.map((one) => one.arms.map((arm) => known(arm.value).value.toFixed(3)));
    expect(rates[0]).toEqual(['0.018', '0.021', '0.023', '0.023']);
    expect(rates[1]?.[0]).toBe('0.813');
    expect(report.source).toMatchObject({ rows: 50081, skippedRows: 2 });
  });
});
