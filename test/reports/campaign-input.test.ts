import { expect, it } from 'vitest';
import { campaignInput, type CampaignQuestion } from '../../src/reports/campaign-input.js';
import { successes } from './sample-input.js';

const campaign = {
  rows: 20,
  skippedRows: 0,
  levels: [['A', 'A ']],
  exponents: [0],
  cells: [
    { levels: [0], sums: [successes(1, 10)] },
    { levels: [1], sums: [successes(2, 10)] },
  ],
  skipped: [],
  skippedBy: [],
};
const question: CampaignQuestion = {
  title: 'x',
  fileName: 'x.csv',
  asOf: '2026-03-01T00:00:00.000Z',
  level: 0.95,
  factors: ['arm'],
  baselines: ['A'],
  metrics: [{ column: 'won', type: 'proportion', role: 'primary', direction: 'increase' }],
  cohorts: [],
  weights: [],
};

it('refuses a confidence level that no report is made for', () => {
  for (const level of [0.49, 0.99991, 1, NaN]) {
    expect(campaignInput(campaign, { ...question, level })).toEqual({
      problem: 'The confidence level is a number from 0.5 to 0.9999, such as 0.95.',
    });
  }
  expect(campaignInput(campaign, { ...question, level: 0.9999 })).toHaveProperty('input');
});

it('keeps the keys of arms and shows white space in their titles', () => {
  const result = campaignInput(campaign, question);
  const arms = 'input' in result ? result.input.arms : [];
  expect(arms.map(({ key, title }) => [key, title])).toEqual([
    ['A', 'A'],
    ['A ', '"A "'],
  ]);
});
