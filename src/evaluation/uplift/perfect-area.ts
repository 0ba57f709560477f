import { areaUnder, type CurveKind, type CurvePoint, heightOf } from './curves.js';

/** Recipients of a trial whose outcome is 0 or 1, by arm and outcome. */
export interface FourCounts {
  readonly treatedYes: number;
  readonly treatedNo: number;
  readonly controlYes: number;
  readonly controlNo: number;
}

/**
 * Area under the curve of a ranking that knows the outcomes, as scikit-uplift has it.
 *
 * Qini: treated with the outcome first, control with it last. Without `negativeEffect` nobody can be harmed: the curve climbs
 * by one a recipient to its end and stays there. Uplift: treated with, control without, then control with before treated without where
 * the former are more, else the other way round.
 */
export function perfectArea(kind: CurveKind, counts: FourCounts, negativeEffect = true): number {
  const { treatedYes, treatedNo, controlYes, controlNo } = counts;
  const all = treatedYes + treatedNo + controlYes + controlNo;
  if (kind === 'qini' && !negativeEffect) {
    const end = heightOf('qini', reachedAfter([counts]));
    return areaUnder([
      { recipients: 0, height: 0 },
      { recipients: end, height: end },
      { recipients: all, height: end },
    ]);
  }
  const only = (part: Partial<FourCounts>): FourCounts => ({
    treatedYes: 0, treatedNo: 0, controlYes: 0, controlNo: 0, ...part,
  }); // prettier-ignore
  const harmed = [only({ controlYes }), only({ treatedNo })];
  const runs =
    kind === 'qini'
      ? [only({ treatedYes }), only({ treatedNo, controlNo }), only({ controlYes })]
      : [only({ treatedYes }), only({ controlNo }), ...(controlYes > treatedNo ? harmed : harmed.reverse())];
  const points: CurvePoint[] = [{ recipients: 0, height: 0 }];
  for (let i = 1; i <= runs.length; i++) {
    const reached = reachedAfter(runs.slice(0, i));
    points.push({ recipients: reached.recipients, height: heightOf(kind, reached) });
  }
  return areaUnder(points);
}

function reachedAfter(runs: readonly FourCounts[]) {
  const total = (part: (run: FourCounts) => number): number => runs.reduce((sum, run) => sum + part(run), 0);
  const treatedSum = total((run) => run.treatedYes);
  const controlSum = total((run) => run.controlYes);
  const treated = treatedSum + total((run) => run.treatedNo);
  return {
    recipients: treated + controlSum + total((run) => run.controlNo),
    treated,
    treatedSum,
    controlSum,
  };
}
