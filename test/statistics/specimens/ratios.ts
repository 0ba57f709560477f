import type { CrossSums } from '../../../src/statistics/cross-sums.js';

const control: CrossSums = { n: 2000n, sums: [237n, 2070n], products: [[263n], [472n, 4130n]] };
const treatment: CrossSums = { n: 2013n, sums: [305n, 2173n], products: [[355n], [603n, 4393n]] };

const undelivered: CrossSums = { n: 2000n, sums: [237n, 0n], products: [[263n], [0n, 0n]] };
const mostlyDelivered: CrossSums = { n: 2013n, sums: [305n, 1400n], products: [[355n], [240n, 1400n]] };

export const ratioSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'ratio.delta': [[control, treatment, 0.95, 'after_assignment']],
  'ratio.cluster': [[control, 0.95]],
  'ratio.delivered': [[undelivered, mostlyDelivered, 0.95]],
  'ratio.identity': [[control, treatment, 0.95]],
};
