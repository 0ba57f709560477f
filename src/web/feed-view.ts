import type { ArrivalLag, EventCounts } from '../database/questions/event-counts.js';
import type { FeedEvent } from '../database/questions/latest-events.js';
import { armsOf } from '../experiments/arms.js';
import { eventTypes, type Experiment } from '../experiments/experiment.js';
import { currencyExponent, formatAmount } from '../experiments/money.js';
import type { EventFeed } from '../flows/watch-events.js';
import { countText } from '../reports/format.js';
import { shownSpan, shownTime } from './shown-time.js';
import { shownText } from './shown-text.js';

export interface FeedView {
  readonly asOf: { readonly iso: string; readonly text: string };
  readonly events: readonly FeedRow[];
  /** How far back was looked, as a sentence; undefined when everything was seen. */
  readonly bound: string | undefined;
  readonly counts: readonly CountRow[];
  readonly omitted: string | undefined;
  readonly lags: readonly LagRow[];
}

export interface FeedRow {
  readonly id: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly lag: string;
  /** Dated after its own arrival. */
  readonly ahead: boolean;
  readonly source: string;
  readonly type: string;
  readonly unknownType: boolean;
  readonly class: string;
  readonly arm: string;
  readonly recipient: string;
  readonly wave: string;
  readonly value: string;
  readonly order: string;
  readonly url: string;
}

interface CountRow {
  readonly source: string;
  readonly type: string;
  readonly class: string;
  readonly status: string;
  readonly refused: boolean;
  readonly today: string;
  readonly week: string;
  readonly all: string;
  readonly last: string;
}

interface LagRow {
  readonly span: string;
  readonly events: string;
  readonly mean: string;
  readonly most: string;
  readonly ahead: string;
}

const knownTypes: ReadonlySet<string> = new Set(eventTypes);
/** Anything else is the code of a refusal. */
const taken: ReadonlySet<string> = new Set(['recorded', 'duplicate', 'waiting']);

export function feedView(feed: EventFeed, counts: EventCounts): FeedView {
  const arms = armsOf(feed.experiment.factors).map((arm) =>
    arm.levels.map((level) => level.title).join(' · '),
  );
  return {
    asOf: { iso: feed.asOf.toISOString(), text: `${shownTime(feed.asOf)} UTC` },
    events: feed.events.map((event) => feedRow(event, arms, feed.experiment)),
    bound: boundText(feed),
    counts: counts.rows.map((row) => ({
      source: shownText(row.source),
      type: shownText(row.type),
      class: classText(row.class),
      status: row.status,
      refused: !taken.has(row.status),
      today: countText(row.today),
      week: countText(row.week),
      all: countText(row.all),
      last: shownTime(row.lastReceivedAt),
    })),
    omitted: counts.omitted > 0 ? `${countText(counts.omitted)} smaller rows are not shown.` : undefined,
    lags: [
      lagRow('Today', counts.lag.today),
      lagRow('7 days', counts.lag.week),
      lagRow('Since the start', counts.lag.all),
    ],
  };
}

function feedRow(event: FeedEvent, arms: readonly string[], experiment: Experiment): FeedRow {
  const lagSeconds = (event.receivedAt.getTime() - event.at.getTime()) / 1000;
  return {
    id: shownText(event.id, 28),
    at: shownTime(event.at),
    receivedAt: shownTime(event.receivedAt),
    lag: shownSpan(lagSeconds),
    ahead: lagSeconds < 0,
    source: shownText(event.source, 40),
    type: shownText(event.type, 40),
    unknownType: !knownTypes.has(event.type),
    class: classText(event.class ?? ''),
    arm: arms[event.arm] ?? String(event.arm),
    recipient: `${event.recipientKey.slice(0, 8)}…`,
    wave: event.wave === null ? 'no message' : event.wave === '' ? 'first' : shownText(event.wave, 30),
    value: amountText(event, experiment),
    order: shownText(event.order ?? '', 40),
    url: shownText(event.url ?? '', 120),
  };
}

function amountText({ value, currency }: FeedEvent, experiment: Experiment): string {
  if (value === null) return '';
  const unit = currency ?? experiment.currency ?? '';
  return `${formatAmount(BigInt(value), currencyExponent(unit))} ${shownText(unit, 8)}`
    .trim()
    .replace('-', '−');
}

function classText(name: string): string {
  return shownText(name.replaceAll('_', ' '));
}

function boundText({ looked, more, events }: EventFeed): string | undefined {
  if (!more) return undefined;
  const found = events.length === 0 ? 'none of them belongs' : 'only these belong';
  return `Looked through the last ${countText(looked)} arrivals of all experiments; ${found} to this one.`;
}

function lagRow(span: string, lag: ArrivalLag): LagRow {
  return {
    span,
    events: countText(lag.events),
    mean: lag.meanSeconds === null ? '–' : shownSpan(lag.meanSeconds),
    most: lag.mostSeconds === null ? '–' : shownSpan(lag.mostSeconds),
    ahead: countText(lag.ahead),
  };
}
