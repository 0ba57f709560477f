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
const unknownExperiment = [''];

type Growing = { -readonly [K in keyof EventCount]: EventCount[K] };

/** The outcomes of a call, counted by experiment, type, class and what became of them. */
export function countsOf(outcomes: readonly Outcome[], source: string, now: Date): EventCount[] {
  const counts = new Map<string, Growing>();
  for (const outcome of outcomes) {
    const { answer, event } = outcome;
    const status = answer.status === 'refused' ? answer.error.code : answer.status;
    const type = typeOf(outcome);
    const class_ = event?.class ?? '';
    const lag = event ? Math.round((now.getTime() - event.at.getTime()) / 1000) : undefined;
    for (const experiment of outcome.experiments?.length ? outcome.experiments : unknownExperiment) {
      const key = `${experiment}\n${type}\n${class_}\n${status}`;
      let count = counts.get(key);
      if (!count) counts.set(key, (count = noneYet(experiment, source, type, class_, status)));
      grow(count, lag, event?.at);
    }
  }
  return [...counts.values()];
}

function noneYet(experiment: string, source: string, type: string, class_: string, status: string): Growing {
  const nothing = { n: 0, lagSum: 0, lagMax: 0, ahead: 0, lastAt: undefined };
  return { experiment, source, type, class: class_, status, ...nothing };
}

function grow(count: Growing, lag: number | undefined, at: Date | undefined): void {
  const behind = lag === undefined || lag < 0 ? 0 : lag;
  count.n += 1;
  count.lagSum += behind;
  count.lagMax = Math.max(count.lagMax, behind);
  if (lag !== undefined && lag < 0) count.ahead += 1;
  if (at && (count.lastAt === undefined || at > count.lastAt)) count.lastAt = at;
}

function typeOf({ event, input }: Outcome): string {
  const type: unknown =
    event?.type ?? (typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined);
  return typeof type === 'string' && findKind(type) ? type : unknownType;
}
