import type { ReportFactor, ReportInput } from './report-input.js';

/** The full grid of a factorial design, baseline level first in every factor, cells row-major. */
export interface DesignGrid {
  readonly factors: readonly ReportFactor[];
  readonly cells: readonly { readonly arm: string; readonly levels: readonly string[] }[];
}

/**
 * The control arm's levels are the baselines. A combination that has no arm keeps its place, with a key that no
 * arm has, so that contrasts over it are refused rather than computed from less.
 */
export function designGrid(input: ReportInput): DesignGrid {
  const control = input.arms.find((arm) => arm.key === input.control);
  const factors = input.factors.map((factor, f) => {
    const isBaseline = (level: { readonly key: string }): boolean => level.key === control?.levels[f];
    const rest = factor.levels.filter((level) => !isBaseline(level));
    return { ...factor, levels: [...factor.levels.filter(isBaseline), ...rest] };
  });
  let combinations: string[][] = [[]];
  for (const factor of factors) {
    combinations = combinations.flatMap((head) => factor.levels.map((level) => [...head, level.key]));
  }
  const arms = new Map(input.arms.map((arm) => [JSON.stringify(arm.levels), arm.key]));
  return {
    factors,
    cells: combinations.map((levels) => ({ arm: arms.get(JSON.stringify(levels)) ?? '', levels })),
  };
}
