import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { requestRefill, runRefills } from '../../src/flows/refill.js';
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

/** Runs all of this, a dozen at a time: as many as a service lets in. */
async function together(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = [...calls];
  const worker = async (): Promise<void> => {
    for (let call = left.shift(); call; call = left.shift()) await call();
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}

describe('events and enrolments at the same moment', () => {
  it('find each other, of messages and of recipients alone', async () => {
    const people = recipients(40);
    const calls = people.flatMap(({ id }, i) => {
      const record = () =>
        recordEvents(ctx, [byName(`c${i}`, id), alone(`p${i}`, id), byName(`d${i}`, id, 'delivered')]);
      const enrol = () => assignRecipients(ctx, key, [{ id }]);
      return i % 2 ? [record, enrol] : [enrol, record];
    });
    await together(calls);
    expect([await sum('click'), await sum('order'), await sum('@delivered')]).toEqual([40, 40, 40]);
    expect(await database.knex('waiting_events')).toEqual([]);
    await expectSound(ctx);
  }, 120_000);

  it('find each other where other events had been waiting for the message', async () => {
    const people = recipients(30);
    await recordEvents(
      ctx,
      people.map(({ id }, i) => byName(`early${i}`, id, 'sent')),
    );
    const calls = people.flatMap(({ id }, i) => [
      () => recordEvents(ctx, [byName(`c${i}`, id)]),
      () => assignRecipients(ctx, key, [{ id }]),
      () => recordEvents(ctx, [byName(`u${i}`, id, 'unsubscribed')]),
    ]);
    await together(calls);
    expect([await sum('click'), await sum('unsubscribe'), await sum('@sent')]).toEqual([30, 30, 30]);
    expect(await database.knex('waiting_events')).toEqual([]);
    await expectSound(ctx);
  }, 120_000);

  it('find each other in the second wave too', async () => {
    const people = recipients(30);
    await assignRecipients(ctx, key, people);
    const wave = 'second';
    await recordEvents(
      ctx,
      people.map(({ id }, i) => byName(`early${i}`, id, 'sent', { wave })),
    );
    const calls = people.flatMap(({ id }, i) => [
      () => recordEvents(ctx, [byName(`c${i}`, id, 'clicked', { wave }), byName(`s${i}`, id, 'sent')]),
      () => assignRecipients(ctx, key, [{ id }], { wave }),
      () => recordEvents(ctx, [byName(`o${i}`, id, 'converted', { wave, order: 'o' })]),
    ]);
    await together(calls);
    expect([await sum('click'), await sum('order')]).toEqual([30, 30]);
    expect(await database.knex('waiting_events')).toEqual([]);
    await expectSound(ctx);
  }, 120_000);
});

describe('writers that meet', () => {
  it('record one batch once, whoever of them is first', async () => {
    const people = recipients(30);
    await assignRecipients(ctx, key, people.slice(0, 20));
    const batch = people.flatMap(({ id }, i) => [
      byName(`c${i}`, id),
      alone(`p${i}`, id),
      alone(`v${i}`, id, 'view'),
    ]);
    const answers = await Promise.all(
      [batch, batch, [...batch].reverse(), batch].map((events) => recordEvents(ctx, events)),
    );
    const fresh = answers
      .flat()
      .filter((answer) => answer.status === 'recorded' || answer.status === 'waiting');
    expect(fresh.map((answer) => answer.id).sort()).toEqual(batch.map((event) => event.id).sort());
    expect([await sum('click'), await sum('order')]).toEqual([20, 20]);
    await expectSound(ctx);
  });

  it('in opposite orders, with recipients in common, are done within seconds', async () => {
    const second = await startExample(ctx, { key: 'second', salt: 'another' });
    const people = recipients(25);
    for (const one of [key, second]) await assignRecipients(ctx, one, people);
    const begun = Date.now();
    const writers = Array.from({ length: 10 }, async (_, w) => {
      for (let round = 0; round < 4; round += 1) {
        const events = people.flatMap(({ id }, i) => [
          w % 2
            ? alone(`p-${w}-${round}-${i}`, id)
            : byName(`c-${w}-${round}-${i}`, id, 'clicked', { experiment: w % 4 ? key : second }),
          byName(`s-${round}-${i}`, id, 'sent', { experiment: i % 2 ? key : second }),
        ]);
        await recordEvents(ctx, w % 3 ? events : events.reverse());
      }
    });
    await Promise.all(writers);
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect([
      await sum('click'),
      await sum('click', second),
      await sum('order'),
      await sum('order', second),
    ]).toEqual([25, 25, 25, 25]);
    await expectSound(ctx);
  }, 120_000);
});

describe('a transaction that fails half-way', () => {
  const tables = [
    'events',
    'messages',
    'waiting_events',
    'enrolments',
    'cells',
    'event_counts',
    'quarantine',
    'identities',
    'profiles',
    'decisions',
  ];
  const state = async () =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (table) => [
          table,
          (await database.knex.raw<{ rows: object[] }>(`select t::text from ${table} t order by 1`)).rows,
        ]),
      ),
    );

  it('leaves nothing behind and acknowledges nothing', async () => {
    const second = await startExample(ctx, { key: 'second', salt: 'another' });
    const people = recipients(10);
    for (const one of [key, second]) await assignRecipients(ctx, one, people);
    await recordEvents(ctx, [alone('before', people[0]!.id)]);
    await database.knex.raw(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`,
    );
    await database.knex.raw(
      `create trigger refuse before insert or update on cells for each row when (new.experiment = 'second') execute function refuse()`,
    );
    try {
      const before = await state();
      const events = [
        ...people.map(({ id }, i) => alone(`p${i}`, id)),
        byName('w', 'nobody'),
        byName('c', people[1]!.id),
        { id: 'bad' },
      ];
      await expect(recordEvents(ctx, events)).rejects.toThrow('no room');
      await expect(
        assignRecipients(ctx, second, [{ id: 'late', traits: { country: 'SE' } }]),
      ).rejects.toThrow('no room');
      expect(await state()).toEqual(before);
      expect(
        (await recordEvents(ctx, [byName('c', people[1]!.id)])).map((answer) => answer.status),
        'of the other experiment',
      ).toEqual(['recorded']);
    } finally {
      await database.knex.raw('drop trigger refuse on cells; drop function refuse()');
    }
    const answers = await recordEvents(
      ctx,
      people.map(({ id }, i) => alone(`p${i}`, id)),
    );
    expect(answers.every((answer) => answer.status === 'recorded')).toBe(true);
    await expectSound(ctx);
  });
});

describe('a refill while recipients are enrolled and events arrive', () => {
  it('comes to the same as if everything had been there before', async () => {
    const people = recipients(40);
    await assignRecipients(ctx, key, people.slice(0, 20));
    await recordEvents(
      ctx,
      people.map(({ id }, i) => alone(`v${i}`, id, 'view', { item: 'sku' })),
    );
    await requestRefill(ctx, key, {
      metric: { key: 'views', type: 'mean', event: 'view', role: 'secondary' },
    });
    await requestRefill(ctx, key, { cohort: 'orders' });
    const calls: (() => Promise<unknown>)[] = people.flatMap(({ id }, i) => [
      () => recordEvents(ctx, [alone(`late${i}`, id, 'view')]),
      () => recordEvents(ctx, [byName(`c${i}`, id), alone(`p${i}`, id)]),
      ...(i < 20 ? [] : [() => assignRecipients(ctx, key, [people[i]])]),
    ]);
    calls.splice(15, 0, () => runRefills(ctx));
    calls.splice(45, 0, () => runRefills(ctx));
    await together(calls);
    expect(await database.knex('refills').whereNull('finished_at')).toEqual([]);
    expect(await database.knex('refills').whereNotNull('error')).toEqual([]);
    expect([await sum('views'), await sum('click'), await sum('order')]).toEqual([80, 40, 40]);
    await expectSound(ctx);
  }, 120_000);

  it('does not miss an event that nobody asked for until then', async ({ skip }) => {
    if (!testsRunOnPostgres)
      skip('the embedded database has one connection: nothing happens at the same moment');
    await assignRecipients(ctx, key, recipients(3));
    await requestRefill(ctx, key, {
      metric: { key: 'views', type: 'mean', event: 'view', role: 'secondary' },
    });
    // Recording stops just before it ends, while the refill is asked to begin.
    const id = recipients(1)[0]!.id;
    await database.knex.raw(
      `create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.7); return new; end $$`,
    );
    await database.knex.raw(
      'create trigger dawdle before insert on events for each row execute function dawdle()',
    );
    try {
      const recording = recordEvents(ctx, [alone('v', id, 'view')]);
      await new Promise((resolve) => setTimeout(resolve, 250));
      await Promise.all([recording, runRefills(ctx)]);
    } finally {
      await database.knex.raw('drop trigger dawdle on events; drop function dawdle()');
    }
    expect(await sum('views')).toBe(1);
    await expectSound(ctx);
  });
});
