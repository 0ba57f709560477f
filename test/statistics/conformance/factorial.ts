import { contrast } from '../../../src/statistics/factorial/contrast.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { fromMoments, placesFor, type Moments } from './moments.js';
import { binary, type RawCount } from './reference-inputs.js';

export const factorialAdapters: Adapters = {
  'factorial.contrast': { covers: ['proportion.contrast', 'mean.contrast'], run: contrasts },
};

function contrasts(input: {
  kind: 'prop' | 'mean';
  level: number;
  weights: number[];
  cells: (RawCount | Moments)[];
}): Record<string, unknown> {
  const isMean = input.kind === 'mean';
  const places = isMean ? placesFor(input.cells as Moments[]) : 0;
  const cells = input.cells.map((cell) => ('x' in cell ? binary(cell) : fromMoments(cell, places)));
  const result = contrast(isMean ? 'mean' : 'proportion', cells, input.weights, input.level);
  if (isRefusal(result)) return {};
  const unit = 10 ** places;
  const { value, se, interval } = result.estimate;
  return {
    estimate: value / unit,
    se: se / unit,
    df: result.test.df[0],
    [isMean ? 't' : 'z']: result.test.statistic,
    ci: [interval.lower / unit, interval.upper / unit],
    p: result.test.p,
    log_p: result.test.logP,
  };
}
