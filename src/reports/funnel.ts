import { ratio } from '../statistics/numerics/ratio.js';
import { isRefusal, refuse, type Refusal } from '../statistics/result.js';
import { funnelEdges } from '../statistics/srm/funnel.js';
import { srm } from '../statistics/srm/srm.js';
import { adjustFamily } from './adjust.js';
import { edgeWords } from './funnel-words.js';
import { shareText } from './format.js';
import type { StationCount } from './report-input.js';
import type { AdjustedP, ReportTest } from './report-figures.js';
import type { Finding } from './report.js';
import { toReportTest } from './to-report.js';

/** The stations that a message gets to after its recipient was assigned. */
export const stationNames = ['sent', 'delivered', 'opened', 'clicked', 'converted'] as const;

/** How far the recipients of every arm got, and whether some arm lost more of them than another on the way. */
export interface Funnel {
  /** `assigned` first. A station that nothing was heard of, though a later one was reached, is left out. */
  readonly stations: readonly FunnelStation[];
  /** The split itself (`planned` to `assigned`), where weights are known, then one edge per later station. */
  readonly edges: readonly FunnelEdge[];
  /** Edges that recipients must not get lost on, and did, as a health check says it. */
  readonly findings: readonly Finding[];
}

export interface FunnelStation {
  readonly station: string;
  /** In the order of the arms. */
  readonly arms: readonly StationArm[];
}

export interface StationArm {
  readonly arm: string;
  readonly n: number;
  /** Share of those at the station before; absent for `assigned`, and where nobody or fewer were there. */
  readonly ofPrevious?: StationShare;
  readonly ofAssigned?: StationShare;
}

export interface StationShare {
  readonly value: number;
  readonly text: string;
}

export interface FunnelEdge {
  readonly from: string;
  readonly to: string;
  /** `fault`: before the message can have an effect; `delivery`: hardly one; `outcome`: what the experiment is about. */
  readonly kind: EdgeKind;
  /** Do all arms keep the same share? */
  readonly test: ReportTest | Refusal;
  /** Holm over the edges after the assignment. */
  readonly adjusted?: AdjustedP;
  /** Whether the arms differ here by more than chance: p, corrected where it is, below 0.001. */
  readonly uneven: boolean;
  /** What that means, as a sentence. */
  readonly text: string;
}

export type EdgeKind = 'fault' | 'delivery' | 'outcome';

/** As for the split of the arms. */
const alpha = 0.001;

/**
 * Those to whom something was to be sent, as a station after the assignment, where strategies chose to send nothing to some:
 * who is lost by choice is no fault of the sending, and must not hide one.
 *
 * @param withheld recipients by arm.
 */
export function addressed(assigned: readonly bigint[], withheld: readonly number[]): StationCount[] {
  if (withheld.every((n) => n === 0)) return [];
  return [{ station: 'addressed', recipients: assigned.map((n, arm) => n - BigInt(withheld[arm] ?? 0)) }];
}

interface Station {
  readonly station: string;
  readonly counts: readonly bigint[];
}

/**
 * The funnel of an experiment. `stations` in order, the first of them `assigned`; every count is of recipients, in the
 * order of the arms. A later station may hold more recipients than the one before (orders without a click): its edge
 * then starts at the assignment.
 */
export function buildFunnel(
  arms: readonly { readonly key: string; readonly title: string }[],
  stations: readonly StationCount[],
  weights: readonly number[] | undefined,
): Funnel {
  const heard = stations.map(({ station, recipients }) => ({ station, counts: recipients })).filter(isHeard);
  const edges = heard.slice(1).map((to, i) => edgeInto(heard.slice(0, i + 1), to));
  const adjusted = adjustFamily(edges.map((edge) => edge.test));
  const judged = edges.map((edge, i) => judge({ ...edge, adjusted: adjusted[i] }, arms));
  const assigned = heard[0] && weights ? [splitEdge(heard[0], weights, arms)] : [];
  const all = [...assigned, ...judged];
  return {
    stations: heard.map((station, i) => stationOf(station, heard[i - 1], heard[0], arms)),
    edges: all.map(({ finding: _, ...edge }) => edge),
    findings: all.flatMap(({ finding }) => finding ?? []),
  };
}

/** Senders that report no sends still report clicks: what is never heard of is no station. */
function isHeard({ counts }: Station, i: number, all: readonly Station[]): boolean {
  const reached = (one: Station): boolean => one.counts.some((n) => n > 0n);
  return i === 0 || reached({ station: '', counts }) || !all.slice(i + 1).some(reached);
}

interface Edge {
  readonly from: Station;
  readonly to: Station;
  readonly test: ReportTest | Refusal;
  readonly adjusted?: AdjustedP | undefined;
}

function edgeInto(before: readonly Station[], to: Station): Edge {
  const holds = (from: Station): boolean => to.counts.every((n, arm) => n <= (from.counts[arm] ?? 0n));
  const [first = to, last = to] = [before[0], before.at(-1)];
  const from = holds(last) ? last : first;
  if (!holds(from)) return { from, to, test: moreThanAssigned };
  const tested = funnelEdges(
    [from, to].map(({ station, counts }) => ({ name: station, recipients: counts })),
  );
  if (isRefusal(tested)) return { from, to, test: tested };
  const [edge] = tested.edges;
  return { from, to, test: edge ? toReportTest(edge.test) : moreThanAssigned };
}

const moreThanAssigned = refuse('invalid_input', 'More recipients are here than were assigned.');

interface JudgedEdge extends FunnelEdge {
  readonly finding?: Finding;
}

function judge({ from, to, test, adjusted }: Edge, arms: readonly { readonly title: string }[]): JudgedEdge {
  const p = isRefusal(test) ? 1 : (adjusted?.p ?? test.p);
  const kind = kindOf(to.station);
  const kept = arms.map(({ title }, arm) => `${title} ${keptText(from, to, arm)}`);
  const corrected = adjusted
    ? `${adjusted.text} after correction for ${adjusted.family} comparisons`
    : undefined;
  const pText = isRefusal(test) ? undefined : (corrected ?? test.text);
  const lossless = to.counts.every((n, arm) => n === from.counts[arm]);
  const edgeFacts = {
    from: from.station,
    to: to.station,
    kind,
    uneven: p < alpha,
    kept,
    pText,
    test,
    lossless,
  };
  const words = edgeWords(edgeFacts);
  const edge = {
    from: from.station,
    to: to.station,
    kind,
    test,
    ...(adjusted ? { adjusted } : {}),
    uneven: p < alpha,
    text: words.text,
  };
  if (!(p < alpha) || kind === 'outcome') return edge;
  return { ...edge, finding: findingOf(edge, words.title, { kept, p }) };
}

function findingOf(
  { from, to, kind, text }: FunnelEdge,
  title: string,
  figures: { readonly kept: readonly string[]; readonly p: number },
): Finding {
  return {
    check: 'funnel',
    severity: kind === 'fault' ? 'critical' : 'warning',
    title,
    text,
    evidence: { from, to, ...figures, alpha },
    ...(kind === 'fault' ? { blocksVerdict: true } : {}),
  };
}

function kindOf(to: string): EdgeKind {
  if (to === 'sent') return 'fault';
  return to === 'delivered' ? 'delivery' : 'outcome';
}

function keptText(from: Station, to: Station, arm: number): string {
  const [n, of] = [to.counts[arm] ?? 0n, from.counts[arm] ?? 0n];
  return of === 0n ? 'nobody' : shareText(ratio(n, of));
}

/** The split of the arms is judged by a health check of its own; here it stands as the first edge. */
function splitEdge(
  assigned: Station,
  weights: readonly number[],
  arms: readonly { readonly title: string }[],
): JudgedEdge {
  const test = toReportTest(srm(assigned.counts, weights));
  const uneven = !isRefusal(test) && test.p < alpha;
  const all = assigned.counts.reduce((sum, n) => sum + n, 0n);
  const kept = arms.map(({ title }, arm) =>
    all === 0n ? title : `${title} ${shareText(ratio(assigned.counts[arm] ?? 0n, all))}`,
  );
  const pText = isRefusal(test) ? undefined : test.text;
  const { text } = edgeWords({
    from: 'planned',
    to: 'assigned',
    kind: 'fault',
    uneven,
    kept,
    pText,
    test,
    lossless: false,
  });
  return { from: 'planned', to: 'assigned', kind: 'fault', test, uneven, text };
}

function stationOf(
  station: Station,
  previous: Station | undefined,
  assigned: Station | undefined,
  arms: readonly { readonly key: string }[],
): FunnelStation {
  const share = (n: bigint, of: bigint | undefined): StationShare | undefined => {
    if (of === undefined || of === 0n || n > of) return undefined;
    const value = ratio(n, of);
    return { value, text: shareText(value) };
  };
  return {
    station: station.station,
    arms: arms.map(({ key }, arm) => {
      const n = station.counts[arm] ?? 0n;
      const ofPrevious = share(n, previous?.counts[arm]);
      const ofAssigned = previous ? share(n, assigned?.counts[arm]) : undefined;
      return {
        arm: key,
        n: Number(n),
        ...(ofPrevious ? { ofPrevious } : {}),
        ...(ofAssigned ? { ofAssigned } : {}),
      };
    }),
  };
}
