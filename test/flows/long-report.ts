import type { ModelReport } from '../../src/strategies/model-report.js';

const recency = [900, 1_400, 1_600, 1_500, 1_200, 1_000, 900, 800, 400, 300];

/** A report with every part that there is, as long as real ones get. */
export const longReport: ModelReport = {
  window: { from: '2025-09-01T00:00:00.000Z', until: '2026-03-01T09:00:00.000Z' },
  split: {
    kind: 'time',
    note: 'The 30 days before the clock, for recipients with an event in the 180 days before them.',
  },
  labels: {
    outcome: 'bought within 30 days',
    horizonMs: 30 * 86_400_000,
    cutOffs: ['2025-12-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    rows: 20_412,
    positives: 3_001,
    gaps: [{ reason: 'no consent', rows: 812 }],
  },
  features: Array.from({ length: 18 }, (_, i) => ({
    name: i === 0 ? 'recency' : `feature_${i}`,
    title: i === 0 ? 'Days since the last order' : `Views of category number ${i} in the last thirty days`,
    type: i % 5 === 4 ? ('category' as const) : ('number' as const),
    missing: i / 40,
    gain: 1 / (i + 2),
    importance: { value: 0.04 / (i + 1), interval: [0.03 / (i + 1), 0.05 / (i + 1)] as const },
  })),
  measures: [
    {
      name: 'AUC',
      definition: 'Area under the ROC curve on the hold-out, ties counted half.',
      value: 0.6454,
      interval: [0.6361, 0.6547],
      higherIsBetter: true,
    },
    {
      name: 'log loss',
      definition: 'Mean of minus the log of the probability given to what happened, in nats.',
      value: 0.39781,
      interval: [0.391, 0.405],
      higherIsBetter: false,
    },
    {
      name: 'uplift@30 %',
      definition: 'Of the upper 30 %.',
      refused: true,
      code: 'too_few',
      reason: 'Nobody clicked.',
    },
  ],
  baselines: [
    {
      name: 'popularity',
      measures: [{ name: 'AUC', definition: '', value: 0.52, interval: [0.51, 0.53], higherIsBetter: true }],
    },
    {
      name: 'days since the last order alone',
      measures: [
        { name: 'AUC', definition: '', value: 0.641, interval: [0.632, 0.65], higherIsBetter: true },
      ],
    },
  ],
  calibration: Array.from({ length: 10 }, (_, i) => ({
    rows: 1_000,
    predicted: 0.02 + 0.03 * i,
    observed: 0.025 + 0.028 * i,
    interval: [0.015 + 0.025 * i, 0.035 + 0.031 * i] as const,
  })),
  candidates: {
    measure: 'AUC',
    folds: 5,
    foldsHash: 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d',
    rows: [
      {
        name: 'gradient boosting',
        settings: { trees: 200, depth: 4, rate: 0.05, leaf: 20 },
        score: 0.6521,
        spread: 0.011,
      },
      { name: 'logistic regression', settings: { l2: 1 }, score: 0.6484, spread: 0.009 },
    ],
  },
  elimination: [
    { dropped: null, left: 18, score: 0.6521 },
    { dropped: 'feature_17', left: 17, score: 0.6524 },
  ],
  surrogate: {
    lines: ['if recency < 31', '  if feature_1 < 2: 0.12', '  else: 0.31', 'else: 0.05'],
    fidelity: 0.71,
  },
  interactions: { recipients: 20_412, items: 1_204, interactions: 96_318, density: 0.0039 },
  reference: {
    scores: { name: 'scores', edges: [0.05, 0.1, 0.2], counts: [3_000, 3_000, 2_500, 1_500], missing: 0 },
    features: [
      { name: 'recency', edges: [3, 7, 14, 21, 28, 35, 42, 60, 90], counts: recency, missing: 0 },
      { name: 'country', categories: ['AT', 'DE'], counts: [4_000, 5_000, 1_000], missing: 100 },
    ],
  },
  notes: ['One column does as well: days since the last order has AUC 0.641.', 'Labels are rare: 15 %.'],
};
