/** For each method of looking while the experiment runs: argument lists of ordinary campaigns. */
export const sequentialSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'sequential.confidence_sequence': [
    [{ value: 0.012, se: 0.004, n: 20_000n, events: [410n, 530n] }, 50_000, 0.05],
    [{ value: -0.8, se: 0.3, n: 900n }, 1_000, 0.01],
  ],
  'sequential.msprt': [[{ value: 0.02, se: 0.01 }, 0.01, 0.05]],
  'sequential.one_sided_sequence': [
    [{ value: 0.001, se: 0.0005, n: 20_000n, events: [41n, 61n] }, 'increase', 40_000, 0.01],
    [{ value: -0.2, se: 0.05, n: 5_000n }, 'decrease', 5_000, 0.01],
  ],
  'sequential.running': [
    [
      [
        { interval: { lower: -0.02, upper: 0.05, level: 0.95 }, logP: -0.3 },
        { interval: { lower: 0.001, upper: 0.04, level: 0.95 }, logP: -3.4 },
        { interval: { lower: -0.001, upper: 0.03, level: 0.95 }, logP: -2.5 },
      ],
    ],
  ],
  'sequential.group_sequential': [
    [[0.25, 0.5, 0.75, 1], { kind: 'obrien_fleming' }, 0.05, 0.8],
    [[0.3, 0.6, 1.1], { kind: 'hwang_shih_decani', gamma: -4 }, 0.01, 0.9],
    [[0.5, 1], { kind: 'power', exponent: 2 }, 0.05, 0.8],
  ],
  'sequential.group_sequential_analysis': [
    [
      [
        { fraction: 0.25, value: 0.01, se: 0.008 },
        { fraction: 0.5, value: 0.018, se: 0.0056 },
      ],
      { kind: 'obrien_fleming' },
      0.05,
    ],
    [
      [
        { fraction: 0.4, value: 0.2, se: 0.3 },
        { fraction: 0.9, value: 0.3, se: 0.2 },
      ],
      { kind: 'pocock' },
      0.05,
      true,
    ],
  ],
  'sequential.futility': [
    [[0.25, 0.5, 1], { kind: 'obrien_fleming' }, { kind: 'hwang_shih_decani', gamma: -2 }, 0.05, 0.8],
  ],
  'sequential.wang_tsiatis': [[[0.2, 0.4, 0.6, 0.8, 1], 0.5, 0.05]],
};
