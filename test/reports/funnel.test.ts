import { describe, expect, it } from 'vitest';
import { buildFunnel } from '../../src/reports/funnel.js';
import { buildReport } from '../../src/reports/build-report.js';
import type { StationCount } from '../../src/reports/report-input.js';
import { sampleInput, visits } from './sample-input.js';

const arms = ['A', 'B'].map((key) => ({ key, title: key }));

function stations(counts: Readonly<Record<string, readonly [number, number]>>): StationCount[] {
  return Object.entries(counts).map(([station, pair]) => ({ station, recipients: pair.map(BigInt) }));
}

function edge(funnel: ReturnType<typeof buildFunnel>, to: string) {
  const found = funnel.edges.find((one) => one.to === to);
  if (!found) throw new Error(to);
  return found;
}

describe('the funnel', () => {
  // 1000 and 960 of 1000 each, by (ad - bc)² N over the product of rows and columns:
  // (1000 * 40 - 0 * 960)² * 2000 / (1000 * 1000 * 1960 * 40) = 1.6e9 * 2000 / 7.84e10 = 40.8163.
  it('finds a fault before sending by the chi-square of the shares kept', () => {
    const funnel = buildFunnel(arms, stations({ assigned: [1000, 1000], sent: [1000, 960], delivered: [980, 941] }), [1, 1]);
    const sent = edge(funnel, 'sent');
    expect((sent.test as { statistic: number }).statistic).toBeCloseTo(1.6e9 * 2000 / 7.84e10, 9);
    expect(sent).toMatchObject({ kind: 'fault', uneven: true, adjusted: { family: 2 } });
    expect(sent.text).toMatch(/got lost on the way from assigned to sent unevenly: A 100\.0% and B 96\.0%; p < 0\.0001/);
    // delivered: 980 of 1000, 941 of 960: (980*19 - 20*941)² * 1960 / (1000 * 960 * 1921 * 39) = 0.00111...
    const delivered = edge(funnel, 'delivered');
    expect((delivered.test as { statistic: number }).statistic).toBeCloseTo(
      (980 * 19 - 20 * 941) ** 2 * 1960 / (1000 * 960 * 1921 * 39), 12,
    );
    expect(delivered.uneven).toBe(false);
    expect(funnel.findings).toHaveLength(1);
    expect(funnel.findings[0]).toMatchObject({ check: 'funnel', severity: 'critical', blocksVerdict: true });
  });

  it('warns of delivery without blocking, and takes opens, clicks and orders for outcomes', () => {
    const funnel = buildFunnel(
      arms,
      stations({ assigned: [1000, 1000], sent: [1000, 1000], delivered: [990, 900], opened: [300, 500], clicked: [30, 200], converted: [20, 90] }),
      [1, 1],
    );
    expect(funnel.edges.map(({ to, kind, uneven }) => [to, kind, uneven])).toEqual([
      ['assigned', 'fault', false], ['sent', 'fault', false], ['delivered', 'delivery', true],
      ['opened', 'outcome', true], ['clicked', 'outcome', true], ['converted', 'outcome', false],
    ]);
    expect(edge(funnel, 'sent').text).toBe('From assigned to sent no arm lost anybody.');
    expect(funnel.findings.map(({ severity, blocksVerdict }) => [severity, blocksVerdict])).toEqual([['warning', undefined]]);
    expect(funnel.findings[0]?.text).toMatch(/Comparisons over everybody assigned remain valid/);
    expect(edge(funnel, 'opened').text).toMatch(/may well be an effect of the arms, and is no fault/);
  });

  it('gives shares of the station before and of everybody assigned', () => {
    const funnel = buildFunnel(arms, stations({ assigned: [200, 100], sent: [100, 100], delivered: [50, 0] }), undefined);
    expect(funnel.edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['assigned sent', 'sent delivered']);
    expect(funnel.stations[2]?.arms).toEqual([
      { arm: 'A', n: 50, ofPrevious: { value: 0.5, text: '50.0%' }, ofAssigned: { value: 0.25, text: '25.0%' } },
      { arm: 'B', n: 0, ofPrevious: { value: 0, text: '0.0%' }, ofAssigned: { value: 0, text: '0.0%' } },
    ]);
    expect(funnel.stations[0]?.arms[0]).toEqual({ arm: 'A', n: 200 });
  });

  it('leaves out stations that nobody reports, and compares orders without clicks over the assigned', () => {
    const funnel = buildFunnel(
      arms, stations({ assigned: [1000, 1000], sent: [0, 0], delivered: [990, 985], clicked: [20, 25], converted: [40, 90] }), [1, 1],
    );
    expect(funnel.stations.map(({ station }) => station)).toEqual(['assigned', 'delivered', 'clicked', 'converted']);
    // (40*910 - 960*90)² * 2000 / (1000 * 1000 * 130 * 1870)
    expect(edge(funnel, 'converted')).toMatchObject({ from: 'assigned', uneven: true, kind: 'outcome' });
    expect((edge(funnel, 'converted').test as { statistic: number }).statistic).toBeCloseTo(
      (40 * 910 - 960 * 90) ** 2 * 2000 / (1000 * 1000 * 130 * 1870), 9,
    );
    expect(funnel.stations[3]?.arms[0]).not.toHaveProperty('ofPrevious');
  });

  it('finds the split itself uneven, and refuses what nobody is in', () => {
    const split = buildFunnel(arms, stations({ assigned: [1000, 1200] }), [1, 1]);
    expect((edge(split, 'assigned').test as { statistic: number }).statistic).toBeCloseTo(2 * 100 ** 2 / 1100, 9);
    expect(edge(split, 'assigned')).toMatchObject({ from: 'planned', uneven: true });
    expect(split.findings).toEqual([]); // the check of the split says it
    const empty = buildFunnel(arms, stations({ assigned: [1000, 0], sent: [900, 0] }), [1, 1]);
    expect(edge(empty, 'sent').test).toMatchObject({ refused: true, code: 'empty_arm' });
    expect(edge(buildFunnel(arms, stations({ assigned: [10, 10], sent: [11, 10] }), undefined), 'sent').test).toMatchObject({ refused: true });
    expect(buildFunnel(arms, [], [1, 1])).toEqual({ stations: [], edges: [], findings: [] });
  });
}); // prettier-ignore

describe('a report with stations', () => {
  const cells = [visits('A', 100, 1000), visits('B', 150, 1000)];
  const lost = stations({ sent: [1000, 900], delivered: [990, 890] });

  it('gives no verdict where an arm lost recipients before sending', () => {
    const report = buildReport(sampleInput(['A', 'B'], cells, { stations: lost }));
    expect(report.verdict.kind).toBe('untrustworthy');
    expect(report.verdict.sentence).toMatch(/lost on the way from assigned to sent/);
    expect(report.funnel?.stations).toHaveLength(3);
  });

  it('only warns while messages are still going out', () => {
    const report = buildReport(sampleInput(['A', 'B'], cells, { stations: lost, interim: 'Still sending.' }));
    expect(report.verdict.kind).toBe('interim');
    const finding = report.health.find(({ check }) => check === 'funnel');
    expect(finding).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(/ahead of another/) as string,
    });
    expect(finding).not.toHaveProperty('blocksVerdict');
  });

  it('says that nobody got lost', () => {
    const kept = stations({ sent: [1000, 1000], delivered: [990, 989] });
    const report = buildReport(sampleInput(['A', 'B'], cells, { stations: kept }));
    expect(report.health.find(({ check }) => check === 'funnel')).toMatchObject({ severity: 'ok' });
    expect(report.verdict.kind).toBe('better');
  });
});
