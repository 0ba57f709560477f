import type { CrossSums } from '../../../src/statistics/cross-sums.js';

/** Revenue in cents and revenue before the send. */
const revenue: readonly CrossSums[] = [
  {
    n: 3347n,
    sums: [1796066n, 1320012n],
    products: [[19172646546n], [6207971990n, 14414066294n]],
  },
  {
    n: 3212n,
    sums: [1887507n, 1536443n],
    products: [[30947556931n], [15221521147n, 36798346157n]],
  },
];

/** A third arm of the same. */
const third: CrossSums = {
  n: 3300n,
  sums: [1830000n, 1400000n],
  products: [[24000000000n], [10000000000n, 22000000000n]],
};

/** Clicks, sends, clicks before and sends before. */
const clicks: readonly CrossSums[] = [
  {
    n: 240n,
    sums: [110n, 900n, 130n, 850n],
    products: [[190n], [430n, 3600n], [150n, 520n, 250n], [420n, 3300n, 530n, 3350n]],
  },
  {
    n: 260n,
    sums: [150n, 980n, 140n, 930n],
    products: [[260n], [590n, 3900n], [190n, 560n, 270n], [560n, 3600n, 570n, 3700n]],
  },
];

const rows: readonly (readonly (readonly bigint[])[])[] = [
  [
    [14n, 12n],
    [17n, 22n],
    [11n, 23n],
    [19n, 25n],
    [12n, 18n],
  ],
  [
    [28n, 27n],
    [23n, 31n],
    [22n, 17n],
    [16n, 19n],
    [21n, 31n],
  ],
];

export const adjustmentSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'adjustment.means': [
    [revenue, 'auto'],
    [revenue, 'pooled'],
  ],
  'adjustment.contrast': [[revenue, [-1, 1], 0.95, 'per_arm']],
  'adjustment.joint_contrasts': [
    [
      [...revenue, third],
      [
        [-1, 1, 0],
        [-1, 0, 1],
      ],
      'per_arm',
    ],
  ],
  'adjustment.uplift': [[revenue, 0, 1, 0.95, 'auto']],
  'adjustment.ratios': [[clicks, 'auto']],
  'adjustment.rows': [[rows, 0.95]],
  'adjustment.balance': [[revenue, 0.001]],
};
