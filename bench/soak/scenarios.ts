import { fullDisk } from './full-disk.js';
import { killPostgres } from './kill-postgres.js';
import { killService } from './kill-service.js';
import type { Scenario } from './outcome.js';
import { replay } from './replay.js';
import { setting } from './settings.js';
import { steadyPosts } from './steady-posts.js';
import { twoInstances } from './two-instances.js';

const seed = setting('SOAK_SEED', 1);
const kills = setting('SOAK_KILLS', 50);
const eventsPerKill = setting('SOAK_EVENTS_PER_KILL', 400);

const killing = { kills, eventsPerKill, imported: setting('SOAK_IMPORTED', 12_000), seed };
const posting = {
  perSecond: setting('SOAK_POSTS_PER_SECOND', 500),
  seconds: setting('SOAK_SECONDS', 60),
  recipients: setting('SOAK_POSTED_RECIPIENTS', 20_000),
  seed,
};
const replaying = {
  events: setting('SOAK_EVENTS', 5_000_000),
  recipients: setting('SOAK_RECIPIENTS', 200_000),
  duplicates: setting('SOAK_DUPLICATES_PERCENT', 20),
  rebuild: setting('SOAK_REBUILD', 1) === 1,
  seed,
};
const sharing = {
  events: setting('SOAK_SHARED_EVENTS', 100_000),
  recipients: setting('SOAK_SHARED_RECIPIENTS', 5_000),
  mostDeadlocks: setting('SOAK_MOST_DEADLOCKS', 0),
  seed,
};
const filling = { freeMb: setting('SOAK_FREE_MB', 16), seed };

/** All of them, the quick ones first. */
export const scenarios: readonly Scenario[] = [
  { name: 'full-disk-embedded', run: (say) => fullDisk({ kind: 'embedded', ...filling }, say) },
  { name: 'full-disk-postgres', run: (say) => fullDisk({ kind: 'postgres', ...filling }, say) },
  { name: 'steady-posts-embedded', run: (say) => steadyPosts({ kind: 'embedded', ...posting }, say) },
  { name: 'steady-posts-postgres', run: (say) => steadyPosts({ kind: 'postgres', ...posting }, say) },
  { name: 'two-instances', run: (say) => twoInstances(sharing, say) },
  { name: 'kill-postgres', run: (say) => killPostgres({ kills, eventsPerKill, seed }, say) },
  { name: 'kill-service-embedded', run: (say) => killService({ kind: 'embedded', ...killing }, say) },
  { name: 'kill-service-postgres', run: (say) => killService({ kind: 'postgres', ...killing }, say) },
  { name: 'replay', run: (say) => replay({ kind: 'postgres', ...replaying }, say) },
];
