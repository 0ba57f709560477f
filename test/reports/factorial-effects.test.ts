import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { Report } from '../../src/reports/report.js';
import { sampleInput, visits } from './sample-input.js';

/** Factors named a, b, c ... with levels 0 and 1; cells by their levels, as `0/1/1`. */
function report(cells: Readonly<Record<string, readonly [number, number]>>): Report {
  const keys = Object.keys(cells);
  const factors = (keys[0] ?? '').split('/').map((_, i) => 'abc'[i] ?? '');
  const level = (key: string) => ({ key, title: key });
  return buildReport({
    ...sampleInput(
      keys,
      keys.map((key) => visits(key, ...(cells[key] ?? [0, 0]))),
    ),
    factors: factors.map((key) => ({ key, title: key, levels: ['0', '1'].map(level) })),
    arms: keys.map((key) => ({ key, title: key, levels: key.split('/'), weight: 1 })),
  });
}

/** 2 x 2 x 2 of 1000 each, successes by the levels. */
function threeFactors(successes: (a: number, b: number, c: number) => number): Report {
  const cells = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i >> 2, (i >> 1) & 1, i & 1] as const);
  return report(
    Object.fromEntries(cells.map((levels) => [levels.join('/'), [successes(...levels), 1000] as const])),
  );
}

function first(of: Report) {
  const [metric] = of.factorial?.metrics ?? [];
  if (!metric) throw new Error('no factorial part');
  return metric;
}

describe('factorial effects', () => {
  it('compare two cells exactly as the table of arms does', () => {
    for (const cells of [
      { '0/0': [0, 5], '0/1': [5, 5], '1/0': [1, 5], '1/1': [5, 5] },
      { '0/0': [141, 495], '0/1': [112, 495], '1/0': [121, 495], '1/1': [106, 495] },
      { '0/0': [20, 1000], '0/1': [2, 20], '1/0': [0, 1000], '1/1': [0, 1] },
    ] as const) {
      const result = report(cells);
      for (const [arm, at] of [
        ['1/0', { b: '0' }],
        ['0/1', { a: '0' }],
      ] as const) {
        const own = result.metrics[0]?.comparisons.find((one) => one.arm === arm);
        const simple = first(result).simple.find((one) => JSON.stringify(one.at) === JSON.stringify(at));
        expect(simple?.difference).toEqual(own?.difference);
        expect(simple?.test).toEqual(own?.test);
        expect(simple?.warnings ?? []).toEqual(own?.warnings);
      }
    }
  });

  it('warn of few events and stay between -1 and 1', () => {
    const { main, interactions } = first(
      report({ '0/0': [0, 5], '0/1': [5, 5], '1/0': [1, 5], '1/1': [5, 5] }),
    );
    for (const effect of [...main, ...interactions]) {
      expect(effect.warnings?.map((one) => one.code)).toEqual(['few_events']);
    }
    expect(main[1]?.difference).toMatchObject({ upper: 1, text: '+90.0 pp' });
    const ordinary = first(report({ '0/0': [9, 50], '0/1': [9, 50], '1/0': [9, 50], '1/1': [9, 50] }));
    expect(ordinary.main.every((one) => one.warnings === undefined)).toBe(true);
    expect(ordinary.main[0]?.difference).toMatchObject({ value: 0 });
  });

  it('say why they were refused', () => {
    const none = first(report({ '0/0': [0, 50], '0/1': [0, 50], '1/0': [0, 50], '1/1': [0, 50] }));
    expect(none.main[0]?.difference).toMatchObject({ code: 'no_variation' });
    expect(none.simple[0]?.test).toMatchObject({ code: 'no_variation' });
    const missing = first(report({ '0/0': [5, 50], '0/1': [5, 50], '1/0': [5, 50] }));
    expect(missing.main[0]?.difference).toMatchObject({ code: 'missing_cell' });
    expect(missing.simple.map((one) => 'refused' in one.difference && one.difference.code)).toEqual([
      false,
      'missing_cell',
      false,
      'missing_cell',
    ]);
  });
});

describe('what to read first with three factors', () => {
  it('are the main effects when neither two nor three factors act on each other', () => {
    const { lead, leadText, higherOrder } = first(threeFactors((a, b, c) => 100 + 30 * a + 10 * b + 5 * c));
    expect(higherOrder).toMatchObject({ method: 'proportion.joint_contrasts', df: [1] });
    expect(lead).toBe('main');
    expect(leadText).toMatch(/^No two-way interaction, and none of more factors together \(p = /);
  });

  it('are the arms when only all three together act on each other', () => {
    const result = threeFactors((a, b, c) => ((a + b + c) % 2 === 0 ? 130 : 70));
    const { lead, leadText, interactions, main } = first(result);
    for (const effect of [...main, ...interactions]) expect(effect.difference).toMatchObject({ value: 0 });
    expect(lead).toBe('simple');
    expect(leadText).toMatch(/^No two-way interaction is clear, but three or more factors .*\(p < 0\.0001\)/);
    expect(result.verdict).toMatchObject({ kind: 'worse', arms: ['0/0/1', '0/1/0', '1/0/0', '1/1/1'] });
  });

  it('are the simple effects when it cannot be told', () => {
    const cells = { '0/0/0': [5, 50], '0/0/1': [6, 50], '0/1/0': [5, 50], '1/0/0': [9, 50] } as const;
    const { lead, leadText, higherOrder } = first(report(cells));
    expect(higherOrder).toMatchObject({ code: 'missing_cell' });
    expect(lead).toBe('simple');
    expect(leadText).toMatch(/cannot be told/);
  });

  it('has no such test with two factors', () => {
    const two = first(report({ '0/0': [9, 50], '0/1': [9, 50], '1/0': [9, 50], '1/1': [9, 50] }));
    expect(two.higherOrder).toBeUndefined();
    expect(two.leadText).toMatch(/^No interaction between the factors is clear/);
  });
});
