import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { FactorialMetric } from '../../src/reports/report-factorial.js';
import type { Report } from '../../src/reports/report.js';
import { sampleInput, visits } from './sample-input.js';

type Cells = Readonly<Record<string, readonly [number, number]>>;

/** A 2 x 2 of sender and subject; cells are written as `sender/subject`. */
function report(cells: Cells, control = 'ann/plain'): Report {
  const keys = Object.keys(cells);
  const level = (key: string) => ({ key, title: key });
  return buildReport({
    ...sampleInput(keys, keys.map((key) => visits(key, ...(cells[key] ?? [0, 0])))),
    factors: [
      { key: 'sender', title: 'Sender', levels: ['ann', 'bob'].map(level) },
      { key: 'subject', title: 'Subject', levels: ['plain', 'warm'].map(level) },
    ],
    arms: keys.map((key) => ({ key, title: key, levels: key.split('/'), weight: 1 })),
    control,
  }); // prettier-ignore
}

function metric(of: Report): FactorialMetric {
  const [first] = of.factorial?.metrics ?? [];
  if (!first) throw new Error('no factorial part');
  return first;
}

const additive = {
  'ann/plain': [100, 1000],
  'ann/warm': [150, 1000],
  'bob/plain': [105, 1000],
  'bob/warm': [155, 1000],
} as const;
const crossed = {
  'ann/plain': [100, 1000],
  'ann/warm': [200, 1000],
  'bob/plain': [200, 1000],
  'bob/warm': [100, 1000],
} as const;

describe('factorial part', () => {
  it('leads with main effects while no interaction is clear, and the verdict follows them', () => {
    const result = report(additive);
    const { lead, main, interactions, simple } = metric(result);
    expect(lead).toBe('main');
    expect(main.map((one) => [one.label, 'text' in one.difference && one.difference.text])).toEqual([
      ['Sender: bob rather than ann', '+0.5 pp'],
      ['Subject: warm rather than plain', '+5.0 pp'],
    ]);
    expect(main[1]?.n).toEqual({ baseline: 2000, level: 2000 });
    expect(interactions.map((one) => one.label)).toEqual(['Sender × Subject: bob × warm']);
    expect(simple).toHaveLength(4);
    expect(simple[2]).toMatchObject({
      label: 'Subject: warm rather than plain, where Sender = ann',
      at: { sender: 'ann' },
    });
    expect(result.verdict).toMatchObject({ kind: 'better', arms: ['subject=warm'] });
    expect(result.verdict.sentence).toMatch(
      /^Subject warm did better than plain on visit, averaged over the other factor: \+5\.0 pp/,
    );
  });

  it('leads with simple effects when an interaction is clear, and the verdict goes arm by arm', () => {
    const result = report(crossed);
    expect(metric(result)).toMatchObject({ lead: 'simple' });
    expect(metric(result).leadText).toMatch(/sender × subject \(p < 0\.0001\)/);
    expect(result.verdict).toMatchObject({ kind: 'several_better', arms: ['ann/warm', 'bob/plain'] });
  });

  it('takes the levels of the control as baselines', () => {
    const labels = metric(report(additive, 'bob/warm')).main.map((one) => one.label);
    expect(labels).toEqual(['Sender: ann rather than bob', 'Subject: plain rather than warm']);
  });

  it('refuses what a missing combination leaves undefined and keeps the rest', () => {
    const result = report({ ...additive, 'bob/warm': [0, 0] });
    const { lead, main, simple } = metric(result);
    expect(lead).toBe('simple');
    expect(main.every((one) => 'refused' in one.difference)).toBe(true);
    expect(simple.filter((one) => !('refused' in one.difference))).toHaveLength(2);
  });

  it('compares the other arms among themselves when the control is no combination of the factors', () => {
    const cells = { 'none/none': [100, 1000], ...additive, 'bob/warm': [200, 1000] } as const;
    const keys = Object.keys(cells) as (keyof typeof cells)[];
    const level = (key: string) => ({ key, title: key });
    const result = buildReport({
      ...sampleInput(
        keys,
        keys.map((key) => visits(key, cells[key][0], cells[key][1])),
      ),
      factors: [
        { key: 'sender', title: 'Sender', levels: ['none', 'ann', 'bob'].map(level) },
        { key: 'subject', title: 'Subject', levels: ['none', 'plain', 'warm'].map(level) },
      ],
      arms: keys.map((key) => ({ key, title: key, levels: key.split('/'), weight: 1 })),
    });
    expect(result.factorial?.controlOutside).toBe(true);
    expect(metric(result).main.map((one) => one.label)).toEqual([
      'Sender: bob rather than ann',
      'Subject: warm rather than plain',
    ]);
    expect(result.verdict).toMatchObject({ kind: 'several_better', arms: ['ann/warm', 'bob/warm'] });
  });
});
