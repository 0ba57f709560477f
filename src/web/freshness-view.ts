import type { BoundedCount, ImportState } from '../database/questions/open-work.js';
import type { Freshness, RefillProgress, SourceFreshness } from '../flows/read-freshness.js';
import { counted, countText, shareText } from '../reports/format.js';
import { shownText } from './shown-text.js';
import { shownSpan, shownTime } from './shown-time.js';

export interface FreshnessView {
  readonly asOf: { readonly iso: string; readonly text: string };
  readonly sources: readonly SourceRow[];
  readonly stale: number;
  readonly waiting: string;
  readonly imports: readonly ImportRow[];
  readonly refills: readonly RefillRow[];
}

interface SourceRow {
  readonly source: string;
  readonly stale: boolean;
  /** Why it is stale, or when it will be. */
  readonly habit: string;
  readonly lastAt: string;
  readonly lastReceivedAt: string;
  readonly since: string;
  readonly lag: string;
  readonly ahead: string | undefined;
  readonly today: string;
  readonly yesterdayByNow: string;
  readonly yesterday: string;
  readonly weekMean: string;
  readonly unknownTypes: string;
  readonly refused: string;
}

interface ImportRow {
  readonly name: string;
  readonly kind: string;
  readonly finished: boolean;
  readonly state: string;
  readonly rows: string;
  readonly counts: string;
}

export interface RefillRow {
  readonly experiment: string;
  readonly what: string;
  readonly state: 'open' | 'finished' | 'failed';
  /** How far it is, as a sentence. */
  readonly progress: string;
  /** 0 to 100, while it runs. */
  readonly percent: number | undefined;
  readonly at: string;
}

export function freshnessView({ asOf, sources, waiting, imports, refills }: Freshness): FreshnessView {
  return {
    asOf: { iso: asOf.toISOString(), text: `${shownTime(asOf)} UTC` },
    sources: sources.map((source) => sourceRow(source, asOf)),
    stale: sources.filter((source) => source.stale).length,
    waiting: waitingText(waiting),
    imports: imports.map((one) => importRow(one, asOf)),
    refills: refills.map(refillRow),
  };
}

function sourceRow(source: SourceFreshness, asOf: Date): SourceRow {
  return {
    source: shownText(source.source),
    stale: source.stale,
    habit: habitText(source),
    lastAt: source.lastAt === null ? '–' : shownTime(source.lastAt),
    lastReceivedAt: shownTime(source.lastReceivedAt),
    since: shownSpan((asOf.getTime() - source.lastReceivedAt.getTime()) / 1000),
    lag: source.meanLagSeconds === null ? '–' : shownSpan(source.meanLagSeconds),
    ahead: source.ahead === 0 ? undefined : `${countText(source.ahead)} dated ahead`,
    today: countText(source.today),
    yesterdayByNow:
      source.yesterdayByNow === undefined ? 'too many to count' : countText(source.yesterdayByNow),
    yesterday: countText(source.yesterday),
    weekMean: countText(Math.round(source.weekMean * 10) / 10),
    unknownTypes: countText(source.unknownTypes),
    refused: countText(source.refused),
  };
}

function habitText({ source, usualGapDays, staleFrom, stale }: SourceFreshness): string {
  if (source.startsWith('import:')) return 'a file: nothing more is expected';
  const usual =
    usualGapDays === undefined
      ? 'no habit known yet'
      : usualGapDays <= 1
        ? 'usually every day'
        : `usually every ${countText(usualGapDays)} days`;
  if (staleFrom === undefined) return usual;
  return stale ? `${usual}; silent for too long since ${shownTime(staleFrom)}` : usual;
}

function waitingText({ messages, events }: Freshness['waiting']): string {
  if (messages.count === 0 && events.count === 0) return 'Nothing waits: every event has its message.';
  return `${boundedText(events, 'event')} for ${boundedText(messages, 'message')} that nobody has asked for yet. They are kept and counted as soon as the message is known.`;
}

function boundedText({ count, atLeast }: BoundedCount, noun: string): string {
  return (atLeast ? 'More than ' : '') + counted(count, noun);
}

function importRow(one: ImportState, asOf: Date): ImportRow {
  const finished = one.finishedAt !== null;
  const quiet = shownSpan((asOf.getTime() - one.updatedAt.getTime()) / 1000);
  return {
    name: shownText(one.name),
    kind: one.kind,
    finished,
    state: one.finishedAt
      ? `finished ${shownTime(one.finishedAt)}`
      : `open since ${shownTime(one.startedAt)}, last step ${quiet} ago`,
    rows: countText(one.rowsDone),
    counts: Object.entries(one.counts)
      .filter(([, count]) => typeof count === 'number' && count > 0)
      .slice(0, 12)
      .map(([name, count]) => `${shownText(name.replaceAll('_', ' '), 40)} ${countText(Number(count))}`)
      .join(', '),
  };
}

export function refillRow(refill: RefillProgress): RefillRow {
  const { recipients, enrolled, finishedAt, error } = refill;
  const what = whatText(refill);
  const at = shownTime(finishedAt ?? refill.requestedAt);
  const base = { experiment: refill.experiment, what, at };
  if (error !== null) {
    return {
      ...base,
      state: 'failed',
      progress: `${what} failed: ${shownText(error, 300)}`,
      percent: undefined,
    };
  }
  if (finishedAt !== null) {
    const over = recipients === null ? '' : ` for ${counted(recipients, 'recipient')}`;
    return { ...base, state: 'finished', progress: `${what} is filled${over}.`, percent: undefined };
  }
  if (recipients === null || enrolled === 0) {
    return { ...base, state: 'open', progress: `${what} waits to be filled.`, percent: 0 };
  }
  const share = Math.min(1, recipients / enrolled);
  const part = `${countText(recipients)} of ${countText(enrolled)}`;
  const progress = `${what} is being filled: ${shareText(share)} (${part}).`;
  return { ...base, state: 'open', progress, percent: Math.floor(share * 100) };
}

/** `The metric Revenue`, `The cohort country`, or the whole experiment. */
function whatText({ reason, addition }: RefillProgress): string {
  const { metric, cohort } = (addition ?? {}) as { metric?: unknown; cohort?: unknown };
  const nameOf = (part: unknown): string | undefined => {
    if (typeof part === 'string') return part;
    const { title, key, trait } = (part ?? {}) as Record<string, unknown>;
    return [title, key, trait].find((name): name is string => typeof name === 'string');
  };
  const [m, c] = [nameOf(metric), nameOf(cohort)];
  if (m !== undefined) return `The metric ${shownText(m)}`;
  if (c !== undefined) return `The cohort ${shownText(c)}`;
  return reason === 'upgrade' ? 'The experiment (after an upgrade)' : 'The experiment';
}
