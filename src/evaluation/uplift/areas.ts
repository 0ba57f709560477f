import { type CurveKind, heightOf, walk } from './curves.js';
import { type FourCounts, perfectArea } from './perfect-area.js';
import type { Ranking } from './ranking.js';

/** What the areas of both curves come to. NaN where a figure does not exist: callers refuse it. */
export interface UpliftAreas {
  /**
   * Normalised Qini: area between the Qini curve and the straight line to its end, over the same of a perfect ranking
   * (`qini_auc_score` of scikit-uplift). 0 is no better than chance, 1 perfect; outcomes of 0 and 1 only.
   */
  readonly qini: number;
  /** Normalised area of the uplift curve, the same way (`uplift_auc_score`). */
  readonly upliftAuc: number;
  /**
   * Not normalised: the area between Qini curve and line, with recipients as shares of all and heights for each treated recipient. So
   * what ranking brings over chance, in outcomes for each treated recipient, averaged over how far down one treats.
   */
  readonly qiniArea: number;
}

/** @param counts how often each recipient counts, by place; once unless given. @param binary whether outcomes are 0 and 1 only. */
export function upliftAreas(
  ranking: Ranking,
  binary: boolean,
  options: { readonly counts?: Int32Array; readonly negativeEffect?: boolean } = {},
): UpliftAreas {
  const above = { qini: 0, uplift: 0 };
  const last = { qini: 0, uplift: 0 };
  let before = 0;
  let end = { recipients: 0, treated: 0, treatedSum: 0, controlSum: 0 };
  walk(ranking, options.counts, (reached) => {
    const [qini, uplift] = [heightOf('qini', reached), heightOf('uplift', reached)];
    const width = reached.recipients - before;
    above.qini += (width * (last.qini + qini)) / 2;
    above.uplift += (width * (last.uplift + uplift)) / 2;
    [last.qini, last.uplift, before] = [qini, uplift, reached.recipients];
    end = reached;
  });
  const { recipients, treated, treatedSum, controlSum } = end;
  if (treated === 0 || treated === recipients) return { qini: NaN, upliftAuc: NaN, qiniArea: NaN };
  const overLine = (kind: CurveKind, area: number): number => area - (recipients * last[kind]) / 2;
  const four: FourCounts = {
    treatedYes: treatedSum,
    treatedNo: treated - treatedSum,
    controlYes: controlSum,
    controlNo: recipients - treated - controlSum,
  };
  const share = (kind: CurveKind): number => {
    if (!binary) return NaN;
    const perfect = overLine(kind, perfectArea(kind, four, options.negativeEffect));
    return perfect > 0 ? overLine(kind, above[kind]) / perfect : NaN;
  };
  return {
    qini: share('qini'),
    upliftAuc: share('uplift'),
    qiniArea: overLine('qini', above.qini) / recipients / treated,
  };
}
