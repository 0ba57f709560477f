import { armsOf } from '../experiments/arms.js';
import type { Experiment } from '../experiments/experiment.js';
import { countText } from '../reports/format.js';
import type { Funnel, FunnelEdge, StationArm } from '../reports/funnel.js';
import { typeset } from './estimate-view.js';

export interface FunnelView {
  readonly arms: readonly { readonly title: string; readonly control: boolean }[];
  readonly stations: readonly {
    readonly title: string;
    readonly previous: string | undefined;
    readonly arms: readonly StationView[];
  }[];
  readonly edges: readonly EdgeView[];
}

interface StationView {
  readonly n: string;
  readonly ofAssigned: string | undefined;
  readonly ofPrevious: string | undefined;
  /** Width of its bar in a box of `funnelWidth`. */
  readonly bar: string;
}

interface EdgeView {
  readonly title: string;
  readonly label: string;
  readonly tone: 'plain' | 'ok' | 'warning' | 'critical';
  readonly text: string;
}

export const funnelWidth = 160;

export function funnelView(experiment: Experiment, funnel: Funnel): FunnelView {
  return {
    arms: armsOf(experiment.factors).map((arm) => ({
      title: arm.levels.map((level) => level.title).join(' · '),
      control: arm.key === experiment.control,
    })),
    stations: funnel.stations.map(({ station, arms }, i) => ({
      title: titleOf(station),
      previous: i > 1 ? funnel.stations[i - 1]?.station : undefined,
      arms: arms.map((arm) => stationView(arm, i)),
    })),
    edges: funnel.edges.map(edgeView),
  };
}

/** Behind the first station, the share of the station before is that of everybody assigned. */
function stationView({ n, ofAssigned, ofPrevious }: StationArm, i: number): StationView {
  const share = i === 0 ? (n > 0 ? 1 : 0) : (ofAssigned?.value ?? 0);
  return {
    n: countText(n),
    ofAssigned: ofAssigned?.text,
    ofPrevious: i > 1 ? ofPrevious?.text : undefined,
    bar: (share * funnelWidth).toFixed(1),
  };
}

function edgeView({ from, to, kind, uneven, test, text }: FunnelEdge): EdgeView {
  const title = `${titleOf(from)} to ${to}`;
  if ('refused' in test) return { title, label: 'no test', tone: 'plain', text };
  const shown = { title, text: typeset(text) };
  if (!uneven) return { ...shown, label: 'alike', tone: 'ok' };
  if (kind === 'fault') return { ...shown, label: 'fault', tone: 'critical' };
  if (kind === 'delivery') return { ...shown, label: 'uneven', tone: 'warning' };
  return { ...shown, label: 'arms differ', tone: 'plain' };
}

function titleOf(station: string): string {
  return station.slice(0, 1).toUpperCase() + station.slice(1);
}
