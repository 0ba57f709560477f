import { expect, it } from 'vitest';
import { goodnessAsText, measureAsText } from '../../src/cli/measure-text.js';
import type { Measure, ModelReport } from '../../src/strategies/model-report.js';

const definition = 'What it is.';
const measure = (name: string, value: number, more: object = {}): Measure => ({
  ...{ name, definition, value, interval: [value - 0.01, value + 0.01], higherIsBetter: true },
  ...more,
});
const refused: Measure = { name: 'AUC', definition, refused: true, code: 'too_few', reason: 'Too few.' };
const report = (more: Partial<ModelReport>): ModelReport => ({
  window: { until: '2026-03-01T00:00:00.000Z' },
  split: { kind: 'time', note: 'By time.' },
  measures: [measure('AUC', 0.7)],
  notes: [],
  ...more,
});
const baseline = (name: string, ...measures: Measure[]) => ({ name, measures });

it('says the figure beside the best baseline', () => {
  const baselines = [
    baseline('recency', measure('lift', 9), measure('AUC', 0.6)),
    baseline('frequency', measure('AUC', 0.65, { interval: undefined })),
    baseline('base rate', refused),
  ];
  expect(goodnessAsText(report({ baselines }))).toBe(
    'AUC on what was held out: 0.70000 (0.69000 to 0.71000)\nbest baseline, frequency: 0.65000\n',
  );
});

it.each<[string, object, string]>([
  ['lower is better', { higherIsBetter: false }, 'low'],
  ['higher is better', { higherIsBetter: true }, 'high'],
  ['a target is best', { higherIsBetter: true, target: 0.5 }, 'middle'],
])('knows which is best where %s', (_, more, best) => {
  const baselines = [['high', 0.9] as const, ['low', 0.2] as const, ['middle', 0.6] as const].map(
    ([name, value]) => baseline(name, measure('AUC', value, more)),
  );
  expect(goodnessAsText(report({ measures: [measure('AUC', 0.7, more)], baselines }))).toContain(
    `best baseline, ${best}: `,
  );
});

it('says why there is no figure, and that there is no baseline', () => {
  expect(measureAsText(refused)).toBe('refused: Too few.');
  expect(goodnessAsText(report({ measures: [refused] }))).toBe(
    'AUC on what was held out: refused: Too few.\nno baseline was measured by the same figure\n',
  );
  expect(goodnessAsText(report({ measures: [] }))).toBe('');
});

it('says every note, broken into lines and without signs of control', () => {
  const notes = [`One \u001b[31mred${' word'.repeat(40)}.`, 'Two.'];
  const lines = goodnessAsText(report({ measures: [], notes })).split('\n');
  expect(lines[0]).toBe('before you trust it:');
  expect(lines[1]).toMatch(/^ {2}- One /);
  expect(lines[2]).toMatch(/^ {4}word/);
  expect(lines.at(-2)).toBe('  - Two.');
  expect(lines.join('')).not.toContain('\u001b');
  expect(lines.every((line) => line.length <= 110)).toBe(true);
});
