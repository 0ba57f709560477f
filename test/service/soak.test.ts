import { describe, expect, it } from 'vitest';
import { fullDisk } from '../../bench/soak/full-disk.js';
import { killPostgres } from '../../bench/soak/kill-postgres.js';
import { killService } from '../../bench/soak/kill-service.js';
import type { Outcome } from '../../bench/soak/outcome.js';
import { replay } from '../../bench/soak/replay.js';
import { steadyPosts } from '../../bench/soak/steady-posts.js';
import { twoInstances } from '../../bench/soak/two-instances.js';
import { testsRunOnPostgres } from '../support/database.js';

/** The scenarios of `bench/soak`, small: that they hold, and that they do to the service what they say. */

const kind = testsRunOnPostgres ? 'postgres' : 'embedded';
const seed = 7;
const minutes = 60_000;
const quiet = (): void => undefined;

function held({ violations, figures, skipped }: Outcome): Outcome['figures'] | undefined {
  if (skipped !== undefined) console.warn(`Skipped: ${skipped}`);
  expect(violations).toEqual([]);
  return skipped === undefined ? figures : undefined;
}

describe('nothing acknowledged is lost, and nothing counts twice', () => {
  it(
    'when the service is killed in the middle of ingest and imports',
    async () => {
      const options = { kind, kills: 2, eventsPerKill: 150, imported: 400, seed } as const;
      const figures = held(await killService(options, quiet));
      expect(figures?.['kills with calls under way']).toBe(2);
    },
    8 * minutes,
  );

  it(
    'when events come shuffled and a fifth of them twice',
    async () => {
      const options = { kind, events: 3_000, recipients: 150, duplicates: 20, seed, rebuild: true } as const;
      held(await replay(options, quiet));
    },
    5 * minutes,
  );

  it(
    'when posts come at a steady pace',
    async () => {
      const options = { kind, perSecond: 20, seconds: 5, recipients: 50, seed } as const;
      expect(held(await steadyPosts(options, quiet))?.['posts']).toBe(100);
    },
    5 * minutes,
  );

  it(
    'when the disk is full',
    async () => {
      const figures = held(await fullDisk({ kind, freeMb: 4, seed }, quiet));
      if (figures) expect(figures['refused with']).toMatch(/database_(full|unavailable)/);
    },
    8 * minutes,
  );
});

describe.runIf(testsRunOnPostgres)('on a server', () => {
  it(
    'PostgreSQL is killed in the middle of ingest, and the service goes on by itself',
    async () => {
      const figures = held(await killPostgres({ kills: 1, eventsPerKill: 300, seed }, quiet));
      if (figures) expect(figures['kills with calls under way']).toBe(1);
    },
    8 * minutes,
  );

  it(
    'two instances are given the same events at the same time',
    async () => {
      held(await twoInstances({ events: 600, recipients: 60, mostDeadlocks: 0, seed }, quiet));
    },
    8 * minutes,
  );
});
