/** For each method on splits: argument lists of ordinary campaigns. */
export const srmSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'srm.chi_squared': [
    [
      [5_020n, 4_980n],
      [1, 1],
    ],
    [
      [900n, 1_850n, 2_760n],
      [1, 2, 3],
    ],
  ],
  'srm.exact': [
    [
      [3n, 5n],
      [0.5, 0.5],
    ],
    [
      [2n, 1n, 4n],
      [1, 1, 1],
    ],
  ],
  'srm.sequential': [
    [
      [
        [510n, 490n],
        [1_040n, 980n],
      ],
      [1, 1],
    ],
    [[[100n, 210n, 290n]], [1, 2, 3], 60],
  ],
  'srm.cohorts': [
    [
      [
        [500n, 510n],
        [300n, 299n],
        [800n, 950n],
      ],
      [1, 1],
    ],
  ],
  'srm.funnel': [
    [
      [
        { name: 'assigned', recipients: [5_000n, 5_000n] },
        { name: 'sent', recipients: [4_990n, 4_985n] },
        { name: 'delivered', recipients: [4_900n, 4_850n] },
      ],
    ],
    [
      [
        { name: 'assigned', recipients: [500n, 500n, 600n] },
        { name: 'sent', recipients: [499n, 480n, 580n] },
      ],
    ],
  ],
};
