import type { OutcomeSums } from '../../../src/statistics/sums.js';

const arm = (n: bigint, buyers: bigint): OutcomeSums => ({
  n,
  nonZero: buyers,
  sum: 30n * buyers,
  sumSquares: 1000n * buyers,
  sumCubes: 40000n * buyers,
});

const cell = (attributes: readonly (string | number)[], buyers: readonly bigint[]) => ({
  attributes,
  halves: [buyers.map((k) => arm(500n, k)), buyers.map((k) => arm(500n, k + 2n))],
});

export const policySpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'policy.value': [
    [
      [
        { arms: [arm(500n, 20n), arm(250n, 15n)], propensity: [0.7, 0.3], arm: 1 },
        { arms: [arm(700n, 30n), arm(300n, 9n)], propensity: [0.7, 0.3], arm: 0 },
      ],
      0.95,
    ],
  ],
  'policy.tree': [
    [
      [
        { attributes: ['mobile', 1], weight: 500, rewards: [0.1, 0.2] },
        { attributes: ['mobile', 2], weight: 400, rewards: [0.2, 0.1] },
        { attributes: ['desktop', 1], weight: 300, rewards: [0.15, 0.1] },
        { attributes: ['desktop', 2], weight: 200, rewards: [0.1, 0.3] },
      ],
      2,
      ['categorical', 'ordered'],
    ],
  ],
  'policy.honest_tree': [
    [
      [
        cell(['mobile', 1], [60n, 30n]),
        cell(['mobile', 2], [55n, 35n]),
        cell(['desktop', 1], [20n, 50n]),
        cell(['desktop', 2], [25n, 70n]),
      ],
      2,
      0.95,
      ['categorical', 'ordered'],
    ],
  ],
};
