import { holm } from '../../../src/statistics/multiplicity/holm.js';
import type { Adapters } from './adapter.js';

export const multiplicityAdapters: Adapters = {
  'mult.adjust': {
    covers: ['multiplicity.holm'],
    run: ({ p }: { p: (number | null)[] }) => ({
      holm: holm(p.map((x) => (x === null ? NaN : Math.log(x)))),
    }),
  },
};
