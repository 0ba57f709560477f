import type { EventCount } from '../database/event-counts.js';
import type { StoredEvent } from '../engagement/event.js';
import { findKind } from '../engagement/kinds/registry.js';
import type { EventAnswer } from './event-answer.js';

/** An answer with what it was about. */
export interface Outcome {
  readonly answer: EventAnswer;
  /** Of refused rows: as it came. */
  readonly input?: unknown;
  readonly event?: StoredEvent;
  /** The experiments that it belongs to, as far as they are known. */
  readonly experiments?: readonly string[];
}

/** Types are free text, and a table of counts must not grow with what somebody makes up. */
const unknownType = '(unknown)';

/** The outcomes of a call, counted by experiment, type, class and what became of them. */
export function countsOf(outcomes: readonly Outcome[], source: string, now: Date): EventCount[] {
  const counts = new Map<string, EventCount>();
  for (const outcome of outcomes) {
    const { answer, event } = outcome;
    const experiments = outcome.experiments?.length ? outcome.experiments : [''];
    const status = answer.status === 'refused' ? answer.error.code : answer.status;
    const type = typeOf(outcome);
    const lag = event ? Math.round((now.getTime() - event.at.getTime()) / 1000) : undefined;
    for (const experiment of experiments) {
      const key = `${experiment}\n${type}\n${event?.class ?? ''}\n${status}`;
      const known = counts.get(key) ?? {
        experiment,
        source,
        type,
        class: event?.class ?? '',
        status,
        n: 0,
        lagSum: 0,
        lagMax: 0,
        ahead: 0,
        lastAt: undefined,
      };
      counts.set(key, grown(known, lag, event?.at));
    }
  }
  return [...counts.values()];
}

function grown(count: EventCount, lag: number | undefined, at: Date | undefined): EventCount {
  const behind = lag === undefined || lag < 0 ? 0 : lag;
  return {
    ...count,
    n: count.n + 1,
    lagSum: count.lagSum + behind,
    lagMax: Math.max(count.lagMax, behind),
    ahead: count.ahead + (lag !== undefined && lag < 0 ? 1 : 0),
    lastAt: at && (count.lastAt === undefined || at > count.lastAt) ? at : count.lastAt,
  };
}

function typeOf({ event, input }: Outcome): string {
  const type: unknown =
    event?.type ?? (typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined);
  return typeof type === 'string' && findKind(type) ? type : unknownType;
}
