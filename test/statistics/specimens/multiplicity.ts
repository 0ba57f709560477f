import { sumUp } from '../arbitrary.js';

const arms = [
  [1n, 4n, 2n, 0n, 3n, 5n],
  [2n, 6n, 3n, 5n, 4n],
  [7n, 3n, 8n, 6n, 5n, 9n, 4n],
].map(sumUp);
const counts = [
  { successes: 40n, n: 500n },
  { successes: 62n, n: 510n },
  { successes: 3n, n: 90n },
];
const logPs = [-4.6, -3.2, -0.7];

export const multiplicitySpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'multiplicity.holm': [[logPs], [logPs, 5]],
  'multiplicity.hochberg': [[logPs, 5]],
  'multiplicity.bonferroni': [[logPs, 5]],
  'multiplicity.sidak': [[logPs, 5]],
  'multiplicity.benjamini_hochberg': [[logPs, 5]],
  'multiplicity.benjamini_yekutieli': [[logPs, 5]],
  'multiplicity.gatekeeping': [[[{ logPs: [-5] }, { logPs, planned: 4 }]]],
  'multiplicity.graphical': [
    [
      logPs,
      {
        weights: [0.5, 0.5, 0],
        transfers: [
          [0, 0.5, 0.5],
          [0.5, 0, 0.5],
          [0, 1, 0],
        ],
      },
    ],
  ],
  'multiplicity.dunnett': [
    [arms, 0.95],
    [arms.slice(1), 0.9],
  ],
  'multiplicity.dunnett_unequal': [[arms, 0.95]],
  'multiplicity.dunnett_rates': [[counts, 0.95]],
  'multiplicity.tukey': [[arms, 0.95]],
  'multiplicity.games_howell': [[arms, 0.95]],
  'multiplicity.all_pairs_rates': [[counts, 0.95]],
  'multiplicity.best_mean': [[arms, 0.95]],
  'multiplicity.best_rate': [[counts, 0.95]],
  'multiplicity.selected_effect': [
    [2.4, 1, 1.96, 0.95],
    [-0.03, 0.01, 2.5, 0.9],
  ],
  'multiplicity.selected_best': [
    [
      [
        { value: 2.1, se: 0.4 },
        { value: 2.9, se: 0.5 },
        { value: 1.7, se: 0.3 },
      ],
      0.95,
    ],
  ],
};
