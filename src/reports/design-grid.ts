import { combinations } from '../experiments/arms.js';
import type { ReportFactor, ReportInput } from './report-input.js';

/** The full grid of a factorial design, baseline level first in every factor, cells row-major. */
export interface DesignGrid {
  readonly factors: readonly ReportFactor[];
  readonly cells: readonly { readonly arm: string; readonly levels: readonly string[] }[];
  /** The control has levels of its own ("no offer") that are combined with nothing: it is no cell of the grid. */
  readonly controlOutside: boolean;
}

/**
 * The control arm's levels are the baselines, unless it stands outside: then every factor's first other level is. A
 * combination that has no arm keeps its place, with a key that no arm has, so that contrasts over it are refused
 * rather than computed from less.
 */
export function designGrid(input: ReportInput): DesignGrid {
  const own = input.arms.find((arm) => arm.key === input.control)?.levels ?? [];
  const others = input.arms.filter((arm) => arm.key !== input.control);
  const controlOutside =
    others.length > 0 && own.every((level, f) => others.every((arm) => arm.levels[f] !== level));
  const factors = input.factors.map((factor, f) => {
    const rest = factor.levels.filter((level) => level.key !== own[f]);
    return controlOutside
      ? { ...factor, levels: rest }
      : { ...factor, levels: [...factor.levels.filter((level) => level.key === own[f]), ...rest] };
  });
  const keys = factors.map((factor) => factor.levels.map((level) => level.key));
  const arms = new Map(input.arms.map((arm) => [JSON.stringify(arm.levels), arm.key]));
  const cells = combinations(keys).map((levels) => ({ arm: arms.get(JSON.stringify(levels)) ?? '', levels }));
  return { factors, cells, controlOutside };
}
