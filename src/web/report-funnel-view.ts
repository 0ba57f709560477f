import { countText as count } from '../reports/format.js';
import type { Funnel, StationArm } from '../reports/funnel.js';
import type { Report } from '../reports/report.js';
import { typeset } from './estimate-view.js';

export interface FunnelView {
  readonly stations: readonly string[];
  readonly rows: readonly { readonly arm: string; readonly cells: readonly FunnelCell[] }[];
  readonly edges: readonly { readonly text: string; readonly caution: boolean }[];
}

interface FunnelCell {
  readonly station: string;
  readonly n: string;
  /** Shares of the station before and of everybody assigned. */
  readonly shares: readonly string[];
}

/** The funnel as a table: a row per arm, a column per station. */
export function funnelView({ funnel, arms }: Report): FunnelView | undefined {
  if (!funnel) return undefined;
  return {
    stations: funnel.stations.map(({ station }) => capitalised(station)),
    rows: arms.map(({ title }, arm) => ({ arm: title, cells: cellsOf(funnel, arm) })),
    edges: funnel.edges.map(({ text, uneven, kind }) => ({
      text: typeset(text),
      caution: uneven && kind !== 'outcome',
    })),
  };
}

function cellsOf({ stations }: Funnel, arm: number): FunnelCell[] {
  return stations.map(({ station, arms }, s) => {
    const own = arms[arm];
    return {
      station: capitalised(station),
      n: own ? count(own.n) : '–',
      shares: own ? sharesOf(own, stations[s - 1]?.station) : [],
    };
  });
}

function sharesOf({ ofPrevious, ofAssigned }: StationArm, previous: string | undefined): string[] {
  return [
    ...(ofPrevious && previous !== undefined ? [`${ofPrevious.text} of ${previous}`] : []),
    ...(ofAssigned && previous !== 'assigned' ? [`${ofAssigned.text} of assigned`] : []),
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
