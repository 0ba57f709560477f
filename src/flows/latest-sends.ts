import type { SendDay } from '../database/send-days.js';

const dayMs = 86_400_000;

/** The latest send of every day, while recipients are looked at. */
export class LatestSends {
  readonly #latest = new Map<string, SendDay>();

  add(experiment: string, lastSentAt: number | undefined): void {
    if (lastSentAt === undefined) return;
    const key = `${experiment} ${Math.floor(lastSentAt / dayMs)}`;
    const known = this.#latest.get(key);
    if (known && known.lastSentAt >= lastSentAt) return;
    const day = known?.day ?? new Date(lastSentAt).toISOString().slice(0, 10);
    this.#latest.set(key, { experiment, day, lastSentAt });
  }

  days(): SendDay[] {
    return [...this.#latest.values()];
  }
}
