import type { Profile } from '../history.js';
import { Segments, compileCondition } from './compile-condition.js';
import { type Condition, partsOf } from './condition.js';
import { type StaysUntil, compileLeafOutlook } from './leaf-outlook.js';
import { type Check, Subject } from './subject.js';

/** A verdict, and how long it lasts. */
export interface Outlook {
  readonly holds: boolean;
  /**
   * The earliest time after the clock, in milliseconds since 1970, at which the verdict could be another one although nothing
   * new happens, because windows move on; undefined: never. Up to it the verdict stays. Exact but for very long histories and
   * for features that change often, where it may be too early.
   */
  readonly changesAt: number | undefined;
}

/** Looks at events that are spent on one outlook. */
const mostEffort = 200_000;

/**
 * Conditions made ready to be asked about many recipients together. Answers stand in the order of the conditions.
 *
 * @throws Error where a segment or feature is missing, or a segment leads back to itself.
 */
export function prepareOutlooks(
  conditions: readonly Condition[],
  segments: ReadonlyMap<string, Condition>,
): (profile: Profile, clock: number) => Outlook[] {
  const watcher = new Watcher(new Segments(segments));
  const watches = conditions.map((condition) => watcher.watch(condition));
  return (profile, clock) => {
    const subject = new Subject(profile, clock);
    return watches.map((watch) => outlookOf(watch, subject));
  };
}

interface Watch {
  readonly check: Check;
  readonly staysUntil: StaysUntil;
}

function outlookOf({ check, staysUntil }: Watch, now: Subject): Outlook {
  const holds = check(now);
  const effort = { left: mostEffort };
  for (let subject = now; ;) {
    const time = staysUntil(subject, effort);
    if (time === Infinity) return { holds, changesAt: undefined };
    effort.left -= 1;
    subject = new Subject(now.profile, time);
    if (effort.left < 0 || check(subject) !== holds) return { holds, changesAt: time };
  }
}

class Watcher {
  readonly #segments: Segments;
  readonly #ready = new Map<string, StaysUntil>();

  constructor(segments: Segments) {
    this.#segments = segments;
  }

  watch(condition: Condition): Watch {
    // First, so that a circle of segments is found before it is followed.
    const check = compileCondition(condition, this.#segments);
    return { check, staysUntil: this.#staysUntil(condition, check) };
  }

  #staysUntil(condition: Condition, check: Check): StaysUntil {
    if ('segment' in condition) return this.#ofSegment(condition.segment);
    if ('not' in condition) return this.watch(condition.not).staysUntil;
    if (!('all' in condition || 'any' in condition)) return compileLeafOutlook(condition);
    const parts = partsOf(condition).map((part) => this.watch(part));
    const needsAll = 'all' in condition;
    return (subject, effort) =>
      check(subject) === needsAll
        ? Math.min(...parts.map((part) => part.staysUntil(subject, effort)))
        : latest(parts.filter((part) => part.check(subject) !== needsAll).map((part) => () => part.staysUntil(subject, effort))); // prettier-ignore
  }

  #ofSegment(reference: string): StaysUntil {
    const ready = this.#ready.get(reference);
    if (ready) return ready;
    const inner = this.watch(this.#segments.condition(reference)).staysUntil;
    // Asked once for a recipient, as verdicts are.
    const staysUntil: StaysUntil = (subject, effort) =>
      subject.lasting(reference, () => inner(subject, effort));
    this.#ready.set(reference, staysUntil);
    return staysUntil;
  }
}

/** Any one of the parts that decide the verdict is enough to keep it. */
function latest(times: readonly (() => number)[]): number {
  let last = -Infinity;
  for (const time of times) {
    last = Math.max(last, time());
    if (last === Infinity) break;
  }
  return last;
}
