import { describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { toExperiment } from '../../src/experiments/to-experiment.js';

/** The problems of a draft with this metric, as `path: message`. */
function problemsWith(metric: string, change: object): string[] {
  const result = parseDraft({ ...exampleDraft, metrics: [metric], ...change });
  return result.ok ? [] : result.problems.map((one) => `${one.path}: ${one.message}`);
}

describe('exchange rates', () => {
  it('are kept to the letter', () => {
    const exchange = { USD: '0.92', JPY: '0.006123456789', GBP: '1.170' };
    const result = parseDraft({ ...exampleDraft, metrics: ['revenue'], exchange });
    expect(result.ok && toExperiment(result.value, { salt: '', strategyHash: () => '' }).exchange).toEqual(
      exchange,
    );
  });

  const wrong: [object, RegExp][] = [
    [{ USD: 0.92 }, /^exchange\.USD: write the rate as a text/],
    [{ USD: '0' }, /^exchange\.USD: write a rate above 0/],
    [{ USD: '0.000' }, /^exchange\.USD: write a rate above 0/],
    [{ USD: '-0.92' }, /^exchange\.USD: write a rate above 0/],
    [{ USD: '1e-2' }, /^exchange\.USD: write a rate/],
    [{ USD: '0.1234567890123' }, /^exchange\.USD: write a rate/],
    [{ USD: '1234567890' }, /^exchange\.USD: write a rate/],
    [{ USD: 'NaN' }, /^exchange\.USD: write a rate/],
    [{ usd: '1' }, /^exchange\.usd: use a three-letter code/],
    [{ EUR: '1' }, /^exchange\.EUR: EUR is the currency of the experiment/],
    [[['USD', '1']], /^exchange: must be an object of rates/],
  ];
  it.each(wrong)('%j are refused', (exchange, expected) => {
    const problems = problemsWith('revenue', { exchange });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it('need a currency to lead to, and are not too many', () => {
    expect(problemsWith('click', { exchange: { USD: '1' }, currency: undefined })).toEqual([
      'currency: rates lead to a currency; say which, such as "EUR"',
    ]);
    const letters = Array.from('ABCDEFGH');
    const many = letters.flatMap((a) => letters.map((b) => `X${a}${b}`)).slice(0, 51);
    const exchange = Object.fromEntries(many.map((code) => [code, '1']));
    expect(problemsWith('click', { exchange })).toEqual(['exchange: must have at most 50 currencies']);
  });
});
