import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { ingestQueue } from '../../src/flows/ingest-queue.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { testsRunOnPostgres } from '../support/database.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { recipients, startExample } from './campaign.js';
import { alone, expectSound, ofFirstMessage, sumOf } from './races.js';

let ctx: TestContext;
let key: string;

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
});

const byName = ofFirstMessage(() => key);
const sum = (metric: string, experiment = key) => sumOf(database.knex, experiment, metric);

describe('while one experiment is being rebuilt', () => {
  let second: string;
  let ended: boolean;
  let released: boolean;
  let slow: Promise<unknown>;
  let release: () => Promise<void>;

  beforeEach(async ({ skip }) => {
    if (!testsRunOnPostgres)
      skip('the embedded database has one connection: nothing happens at the same moment');
    second = await startExample(ctx, { key: 'second', salt: 'another' });
    const people = recipients(9);
    await assignRecipients(ctx, key, people.slice(0, 6));
    await assignRecipients(ctx, second, people.slice(3, 9));
    await recordEvents(
      ctx,
      people.slice(3, 9).map(({ id }) => byName(`s-${id}`, id, 'sent', { experiment: second })),
    );
    await database.knex.raw(`update enrolments set stations = 31 where experiment = 'second'`);
    // The rebuild of the second stops when it has written all facts and cells, until it is let go on.
    await database.knex.raw(
      `create function wait() returns trigger language plpgsql as $$
       begin if new.experiment = 'second' then perform pg_advisory_xact_lock_shared(4711); end if; return new; end $$`,
    );
    await database.knex.raw(
      'create trigger wait before insert on send_days for each row execute function wait()',
    );
    const held = await database.knex.transaction();
    await held.raw('select pg_advisory_xact_lock(4711)');
    release = async () => {
      released = true;
      if (!held.isCompleted()) await held.commit();
    };
    released = false;
    ended = false;
    slow = rebuild(ctx).then((results) => {
      ended = true;
      return results.find((one) => one.experiment === 'second')?.differenceCount;
    });
    await untilItWaits();
  });
  afterEach(async () => {
    await release();
    await slow;
    await database.knex.raw('drop trigger if exists wait on send_days; drop function if exists wait()');
  });

  async function untilItWaits(): Promise<void> {
    for (;;) {
      const { rows } = await database.knex.raw<{ rows: unknown[] }>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
      );
      if (rows.length > 0 || ended) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const ofFirst = (n: string) => [
    byName(`c1-${n}`, 'person-0@example.org'),
    byName(`c2-${n}`, 'person-4@example.org'),
    alone(`p-${n}`, 'person-1@example.org'),
  ];
  const ofSecond = (n: string) => [
    byName(`c3-${n}`, 'person-5@example.org', 'clicked', { experiment: second }),
  ];

  it('others record, enrol and join waves for another, and whoever touches it waits', async () => {
    const waiting = [
      recordEvents(ctx, [...ofFirst('mixed'), ...ofSecond('mixed')]),
      // Alone, of somebody who is in both.
      recordEvents(ctx, [alone('v', 'person-3@example.org', 'view')]),
      assignRecipients(ctx, second, [{ id: 'new' }]),
      assignRecipients(ctx, second, recipients(9).slice(3), { wave: 'w' }),
    ].map((call) => call.then(() => released));
    await recordEvents(ctx, ofFirst('a'));
    await assignRecipients(ctx, key, [{ id: 'new' }, ...recipients(9)]);
    await assignRecipients(ctx, key, recipients(6), { wave: 'w' });
    await recordEvents(ctx, [byName('w', 'person-4@example.org', 'opened', { wave: 'w' })]);
    await release();
    expect(await Promise.all(waiting), 'those that touch it wait').toEqual([true, true, true, true]);
    expect(await slow, 'and nothing of theirs came in between').toBe(6);
    await expectSound(ctx);
    expect(await sum('click')).toBe(2);
    expect(await sum('click', second)).toBe(1);
  }, 30_000);

  it('posts that share transactions go on without those that touch it', async () => {
    const record = ingestQueue(ctx);
    const posts = Array.from({ length: 30 }, (_, i) => `q${i}`);
    const [first, other] = [ofFirst, ofSecond].map((events) =>
      posts.map(async (n) => ({ answers: await record(events(n)), released })),
    );
    for (const { answers, released: after } of await Promise.all(first!)) {
      expect([answers.map((one) => [one.index, one.status]), after]).toEqual([
        [0, 1, 2].map((index) => [index, 'recorded']),
        false,
      ]);
    }
    await release();
    for (const { answers, released: after } of await Promise.all(other!)) {
      expect([answers.map((one) => [one.index, one.status]), after]).toEqual([[[0, 'recorded']], true]);
    }
    await slow;
    await expectSound(ctx);
    expect(await database.knex('events').count()).toEqual([{ count: String(6 + 30 * 4) }]);
  }, 30_000);

  it('no connection is held by those who wait, however many they are', async () => {
    const waiting = Array.from({ length: 40 }, (_, i) =>
      (i % 2
        ? recordEvents(ctx, ofSecond(`many${i}`))
        : assignRecipients(ctx, second, [{ id: `many${i}` }])
      ).then(() => released),
    );
    await recordEvents(ctx, ofFirst('few'));
    await release();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]));
    await slow;
    await expectSound(ctx);
  }, 30_000);
});
