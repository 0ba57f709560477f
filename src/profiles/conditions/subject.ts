import type { Feature } from '../features/feature.js';
import type { History, Profile } from '../history.js';
import type { Scalar } from './condition.js';
import { type HistoryIndex, indexOf } from './history-index.js';
import { type Zone, zoneOf } from './zone.js';

/** A condition made ready. */
export type Check = (subject: Subject) => boolean;

/** A recipient at one clock, with what was worked out about them so far. */
export class Subject {
  readonly profile: Profile;
  /** Milliseconds since 1970; what happened at or after it is not seen. */
  readonly clock: number;
  #zone: Zone | undefined;
  #index: HistoryIndex | undefined;
  #features: Map<string, Scalar | undefined> | undefined;
  #segments: Map<string, boolean> | undefined;
  #lasting: Map<string, number> | undefined;

  constructor(profile: Profile, clock: number) {
    this.profile = profile;
    this.clock = clock;
  }

  get zone(): Zone {
    return (this.#zone ??= zoneOf(this.profile.traits));
  }

  get index(): HistoryIndex {
    return (this.#index ??= indexOf(this.profile.history));
  }

  feature(feature: Feature): Scalar | undefined {
    const known = (this.#features ??= new Map<string, Scalar | undefined>());
    if (!known.has(feature.name)) {
      known.set(feature.name, feature.value(this.#seen(), this.clock, this.profile.traits));
    }
    return known.get(feature.name);
  }

  /** Whether this recipient is in a segment. One subject is asked with one set of segments. */
  verdict(segment: string, check: Check): boolean {
    const known = (this.#segments ??= new Map<string, boolean>());
    let verdict = known.get(segment);
    if (verdict === undefined) {
      verdict = check(this);
      known.set(segment, verdict);
    }
    return verdict;
  }

  /** How long that verdict lasts, worked out once. */
  lasting(segment: string, workOut: () => number): number {
    const known = (this.#lasting ??= new Map<string, number>());
    let time = known.get(segment);
    if (time === undefined) known.set(segment, (time = workOut()));
    return time;
  }

  #seen(): History {
    const { history } = this.profile;
    const last = history.at(-1);
    return last === undefined || last.at < this.clock ? history : history.filter(({ at }) => at < this.clock);
  }
}
