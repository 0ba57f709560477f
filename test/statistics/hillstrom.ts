import type { OutcomeSums } from '../../src/statistics/sums.js';

function sums(n: bigint, nonZero: bigint, sum: bigint, sumSquares: bigint, sumCubes: bigint): OutcomeSums {
  return { n, nonZero, sum, sumSquares, sumCubes };
}

/** Hillstrom's e-mail challenge (2008): spend in cents within two weeks, by e-mail sent. */
export const hillstrom = {
  none: sums(21306n, 122n, 1390833n, 28700503621n, 879704458992219n),
  mens: sums(21307n, 267n, 3031169n, 67590244973n, 2172894663420491n),
  womens: sums(21387n, 189n, 2303811n, 49114465763n, 1472945181929277n),
};
