/** For each method of looking while the experiment runs: argument lists of ordinary campaigns. */
export const sequentialSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'sequential.confidence_sequence': [
    [{ value: 0.012, se: 0.004, n: 20_000n, events: [410n, 530n] }, 50_000, 0.05],
    [{ value: -0.8, se: 0.3, n: 900n }, 1_000, 0.01],
  ],
  'sequential.msprt': [[{ value: 0.02, se: 0.01 }, 0.01, 0.05]],
};
