import type { Ranking } from './ranking.js';

/** What is known of the recipients down to some place of a ranking. */
export interface Reached {
  readonly recipients: number;
  readonly treated: number;
  readonly treatedSum: number;
  readonly controlSum: number;
}

export type CurveKind = 'qini' | 'uplift';

/**
 * Height of a curve, as scikit-uplift has it: Qini, Y_t - Y_c N_t / N_c (outcomes that the treatment brought among the treated,
 * Radcliffe 2007); uplift, (Y_t/N_t - Y_c/N_c) N (the same if all of them were treated). A share of nobody counts as 0.
 */
export function heightOf(kind: CurveKind, { recipients, treated, treatedSum, controlSum }: Reached): number {
  const control = recipients - treated;
  if (kind === 'qini') return treatedSum - (control === 0 ? 0 : (controlSum * treated) / control);
  const treatedMean = treated === 0 ? 0 : treatedSum / treated;
  const controlMean = control === 0 ? 0 : controlSum / control;
  return (treatedMean - controlMean) * recipients;
}

export interface CurvePoint {
  readonly recipients: number;
  readonly height: number;
}

/**
 * The curve with a point at every distinct score, none within recipients of the same score, whose order means nothing. It
 * begins at (0, 0).
 *
 * @param counts how often each recipient counts, by place; once unless given.
 */
export function curveOf(kind: CurveKind, ranking: Ranking, counts?: Int32Array): CurvePoint[] {
  const points: CurvePoint[] = [{ recipients: 0, height: 0 }];
  walk(ranking, counts, (reached) =>
    points.push({ recipients: reached.recipients, height: heightOf(kind, reached) }),
  );
  return points;
}

/** Tells what is reached at the end of every run of equal scores. */
export function walk(
  { ends, treated, outcomes }: Ranking,
  counts: Int32Array | undefined,
  tell: (reached: Reached) => void,
): void {
  const reached = { recipients: 0, treated: 0, treatedSum: 0, controlSum: 0 };
  let place = 0;
  for (const end of ends) {
    for (; place < end; place++) {
      const count = counts === undefined ? 1 : (counts[place] as number);
      if (count === 0) continue;
      reached.recipients += count;
      const sum = count * (outcomes[place] as number);
      if (treated[place] === 1) {
        reached.treated += count;
        reached.treatedSum += sum;
      } else reached.controlSum += sum;
    }
    tell(reached);
  }
}

/** Area under points joined by straight lines. */
export function areaUnder(points: readonly CurvePoint[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as CurvePoint, points[i] as CurvePoint];
    area += ((b.recipients - a.recipients) * (a.height + b.height)) / 2;
  }
  return area;
}
