export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerSettings {
  /** So many failures one after the other open it. */
  readonly failures: number;
  /** For so long nobody is asked, the first time; twice as long each further time, up to `mostOpenMs`. */
  readonly openMs: number;
  readonly mostOpenMs: number;
}

export const usualBreaker: BreakerSettings = { failures: 5, openMs: 10_000, mostOpenMs: 300_000 };

/**
 * Keeps a scorer that fails from being asked, so that nobody waits for it: closed it lets every call through, open none, and
 * once its time is over (half open) one, whose end decides. Times are milliseconds of whatever clock is handed in.
 */
export class Breaker {
  private readonly settings: BreakerSettings;
  private failed = 0;
  private openings = 0;
  private opensAgainAt: number | undefined;
  private isTrying = false;

  constructor(settings: BreakerSettings = usualBreaker) {
    this.settings = settings;
  }

  state(now: number): BreakerState {
    if (this.opensAgainAt === undefined) return 'closed';
    return now < this.opensAgainAt ? 'open' : 'half_open';
  }

  /** When it will be half open; undefined: it is closed. */
  get until(): number | undefined {
    return this.opensAgainAt;
  }

  /** Whether somebody may call now. Whoever may must say how it ended. */
  mayCall(now: number): boolean {
    const state = this.state(now);
    if (state === 'closed') return true;
    if (state === 'open' || this.isTrying) return false;
    this.isTrying = true;
    return true;
  }

  succeeded(): void {
    this.failed = 0;
    this.openings = 0;
    this.opensAgainAt = undefined;
    this.isTrying = false;
  }

  /** The call says nothing about the scorer: its model was still being read. */
  undecided(): void {
    this.isTrying = false;
  }

  failedAt(now: number): void {
    this.failed += 1;
    const wasTrying = this.isTrying;
    this.isTrying = false;
    // Calls that were under way when it opened say nothing new.
    if (!wasTrying && (this.opensAgainAt !== undefined || this.failed < this.settings.failures)) return;
    const { openMs, mostOpenMs } = this.settings;
    this.opensAgainAt = now + Math.min(mostOpenMs, openMs * 2 ** Math.min(this.openings, 30));
    this.openings += 1;
  }
}
