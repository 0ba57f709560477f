/** What routes of personas and the audience answer, for the documentation. */
export const personasExample = {
  name: 'buyers',
  version: 1,
  hash: 'sha256:5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  clock: '2026-03-01T09:00:00.000Z',
  model: {
    request: { features: [{ feature: 'frequency', scale: 'log' }], personas: 2, seed: 'postulate' },
    scaling: [{ mean: 1.2, deviation: 0.6 }],
    people: 900,
    leftOut: 100,
    personas: [
      { id: 'p1', title: 'Few orders so far', description: 'Few orders so far: 1.4 on average, 3.6 for everybody.', size: 700, centre: { frequency: 1.4 } },
      { id: 'p2', title: 'Very many orders so far', description: 'Very many orders so far: 11.3 on average, 3.6 for everybody.', size: 200, centre: { frequency: 11.3 } },
    ],
    withinSum: 210.4,
    silhouettes: [{ personas: 2, silhouette: 0.71 }],
    tree: { feature: 'frequency', split: 4.5, below: { persona: 'p1' }, above: { persona: 'p2' } },
    agreement: 0.99,
  },
  createdAt: '2026-03-01T09:00:00.000Z',
}; // prettier-ignore

export const audienceExample = {
  clock: '2026-03-01T09:00:00.000Z',
  people: 3,
  sample: false,
  currency: 'EUR',
  stages: [
    { value: 'prospect', people: 1 },
    { value: 'active', people: 2 },
  ],
  tiers: [{ value: 'unknown', people: 3 }],
  sparsity: [{ value: '1-4', people: 3 }],
  rfm: { audience: 3, never: 1, cells: [[{ recency: 5, frequency: 3, n: 2, monetary: 3 }]] },
  lifecycle: { newDays: 30, loyalOrders: 5, bands: [{ stage: 'active', fromDays: 0 }] },
  scoreWeights: { view: 1, opened: 2 },
};
