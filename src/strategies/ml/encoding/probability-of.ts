/** No model knows more surely than that: beyond, one mistake would cost everything. */
const surest = 1e-15;

/** 1 / (1 + e^-x), strictly between 0 and 1. */
export function probabilityOf(logOdds: number): number {
  return Math.min(1 - surest, Math.max(surest, 1 / (1 + Math.exp(-logOdds))));
}
