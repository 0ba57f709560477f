import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { selectNewestSegments } from '../../src/database/segment-versions.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { findSegment, listMembers, listSegments } from '../../src/flows/find-segments.js';
import { keepMembers } from '../../src/flows/keep-members.js';
import { rebuildMembers } from '../../src/flows/rebuild-members.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { type TestContext, testContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { startExample } from './campaign.js';

const database = await openTestDatabase();
const db = database.knex;
let ctx: TestContext;
const start = Date.parse('2026-03-01T09:00:00.000Z');
const hour = 3_600_000;
const at = (hours: number): string => new Date(start + hours * hour).toISOString();
beforeEach(async () => {
  await emptyTables(db);
  ctx = testContext(db);
});
afterAll(() => database.close());

const recent = { name: 'recent-buyers', when: { event: 'purchase', within: '7d' } };

async function membersOf(name: string): Promise<string[]> {
  const found: string[] = [];
  for await (const rows of listMembers(ctx, name)) found.push(...rows.map(({ recipient }) => recipient));
  return found.sort();
}

let ids = 0;
const buy = (recipient: string, when: string, more: object = {}) =>
  recordEvents(ctx, [{ id: `p${(ids += 1)}`, type: 'purchase', recipient, at: when, ...more }]);

describe('members of a segment', () => {
  it('come with an event and go when its window has moved on, each at once and exactly', async () => {
    await registerSegment(ctx, recent);
    await keepMembers(ctx);
    expect((await findSegment(ctx, 'recent-buyers')).segment.size).toMatchObject({
      members: 0,
      lagSeconds: 0,
    });
    await buy('ann', at(-1));
    await keepMembers(ctx);
    expect(await membersOf('recent-buyers')).toEqual(['ann']);
    ctx.setTime(at(-1 + 7 * 24));
    await keepMembers(ctx);
    expect(await membersOf('recent-buyers')).toEqual(['ann']);
    ctx.setTime(new Date(Date.parse(at(-1 + 7 * 24)) + 1).toISOString());
    await keepMembers(ctx);
    expect(await membersOf('recent-buyers')).toEqual([]);
    expect(await db('segment_members')).toEqual([]);
  });

  it('tell since when they are in, and how far behind the list is', async () => {
    await registerSegment(ctx, recent);
    await buy('ann', at(-1));
    await keepMembers(ctx);
    ctx.setTime(at(1));
    await buy('ann', at(0.5));
    await keepMembers(ctx);
    for await (const rows of listMembers(ctx, 'recent-buyers'))
      expect(rows).toMatchObject([{ recipient: 'ann', since: at(0) }]);
    ctx.setTime(at(1.5));
    expect((await listSegments(ctx))[0]?.size).toEqual({ members: 1, upTo: at(1), lagSeconds: 1_800 });
  });

  it('follow traits, events that waited for their message, events from ahead of the clock, and what is taken back', async () => {
    await registerSegment(ctx, { name: 'austria', when: { trait: 'country', op: 'eq', value: 'AT' } });
    await registerSegment(ctx, { name: 'clickers', when: { event: 'clicked' } });
    await registerSegment(ctx, recent);
    await registerSegment(ctx, { name: 'nothing-bought', when: { not: { segment: 'recent-buyers' } } });
    await keepMembers(ctx);
    await recordProfiles(ctx, [{ recipient: 'ann', traits: { country: 'DE' } }]);
    const key = await startExample(ctx);
    const messageId = ctx.pseudonyms.messageId(key, ctx.pseudonyms.recipientKey('bob'));
    await recordEvents(ctx, [{ id: 'early', type: 'clicked', messageId, at: at(-2) }]);
    await buy('cem', at(3));
    await keepMembers(ctx);
    expect(await membersOf('austria')).toEqual([]);
    expect(await membersOf('nothing-bought')).toEqual(['ann', 'cem']);
    // Whoever is told later than the overlap of two rounds must be noticed by what was told, not by when.
    ctx.setTime(at(2));
    await assignRecipients(ctx, key, [{ id: 'bob' }]);
    await recordProfiles(ctx, [{ recipient: 'ann', traits: { country: 'AT' } }]);
    // Known by an event, and now for the first time by a trait.
    await recordProfiles(ctx, [{ recipient: 'cem', traits: { country: 'AT' } }]);
    await keepMembers(ctx);
    expect(await membersOf('austria')).toEqual(['ann', 'cem']);
    expect(await membersOf('clickers')).toEqual([]);
    await recordEvents(ctx, [{ id: 'human', type: 'clicked', messageId, at: at(1), class: 'human' }]);
    ctx.setTime(at(4));
    await keepMembers(ctx);
    expect(await membersOf('clickers')).toEqual(['bob']);
    expect(await membersOf('recent-buyers')).toEqual(['cem']);
    expect(await membersOf('nothing-bought')).toEqual(['ann', 'bob']);
    await recordEvents(ctx, [{ id: 'undo', type: 'void', recipient: 'cem', target: `p${ids}`, at: at(3.5) }]);
    await keepMembers(ctx);
    expect(await membersOf('recent-buyers')).toEqual([]);
  });

  it('follow what no event tells, however long ago the last one came', async () => {
    await registerSegment(ctx, { name: 'austria', when: { trait: 'country', op: 'eq', value: 'AT' } });
    await registerSegment(ctx, { name: 'clickers', when: { event: 'clicked' } });
    const key = await startExample(ctx);
    await assignRecipients(ctx, key, [{ id: 'bob' }]);
    await buy('cem', at(-3));
    const messageId = ctx.pseudonyms.messageId(key, ctx.pseudonyms.recipientKey('bob'), 'second');
    const click = { id: 'early', type: 'clicked', messageId, at: at(-1), class: 'human' };
    expect(await recordEvents(ctx, [click])).toMatchObject([{ status: 'waiting' }]);
    for (const hours of [0, 1, 2]) {
      ctx.setTime(at(hours));
      await keepMembers(ctx);
    }
    await recordProfiles(ctx, [{ recipient: 'cem', traits: { country: 'AT' } }]);
    await assignRecipients(ctx, key, [{ id: 'bob' }], { wave: 'second' });
    await keepMembers(ctx);
    expect(await membersOf('austria')).toEqual(['cem']);
    expect(await membersOf('clickers')).toEqual(['bob']);
    ctx.setTime(at(4));
    await keepMembers(ctx);
    await recordProfiles(ctx, [{ recipient: 'cem', traits: { country: 'DE' } }]);
    await keepMembers(ctx);
    expect(await membersOf('austria')).toEqual([]);
  });

  it('are all judged again when a version is new, and nobody is without work', async () => {
    await buy('ann', at(-24 * 10));
    await registerSegment(ctx, recent);
    await keepMembers(ctx);
    expect(await membersOf('recent-buyers')).toEqual([]);
    await registerSegment(ctx, { ...recent, when: { event: 'purchase', within: '30d' } });
    expect((await listSegments(ctx))[0]?.size).toBeUndefined();
    expect(await keepMembers(ctx)).toMatchObject({ rebuilt: 1 });
    expect(await membersOf('recent-buyers')).toEqual(['ann']);
    ctx.setTime(at(1));
    await keepMembers(ctx);
    expect(await keepMembers(ctx)).toBeUndefined();
  });

  it('leave out whoever has more events than can be used', async () => {
    await registerSegment(ctx, { name: 'viewers', when: { event: 'view' } });
    await recordEvents(ctx, [{ id: 'v', type: 'view', recipient: 'bot', at: at(-1) }]);
    await db.raw(
      `insert into events (id, recipient_key, type, at, source, received_at)
       select 'b' || g, ?, 'view', timestamptz '2026-01-01', 'test', ? from generate_series(1, 10001) g`,
      [ctx.pseudonyms.recipientKey('bot'), ctx.clock()],
    );
    await keepMembers(ctx);
    expect(await membersOf('viewers')).toEqual([]);
  });
});

const people = ['ann', 'bob', 'cem', 'dan'] as const;
const conditions = [
  { event: 'purchase', within: '2d' },
  { event: 'view', op: 'more_than', value: 1, within: '36h' },
  { not: { event: 'purchase', within: '3d' } },
  { feature: 'recency_days', op: 'gte', value: 1 },
  { feature: 'engagement_score_decayed', op: 'gt', value: 9 },
  { all: [{ trait: 'country', op: 'eq', value: 'AT' }, { event: 'view' }] },
  { any: [{ segment: 'base' }, { event: 'cart', measure: 'days_since_last', op: 'gt', value: 1 }] },
  { event: 'opened', classes: ['human', 'unknown'] },
  {
    event: 'purchase',
    measure: 'sum',
    property: 'value',
    currency: 'EUR',
    op: 'gte',
    value: 20,
    within: '4d',
  },
];

type Step =
  | {
      readonly do: 'event';
      readonly type: string;
      readonly person: number;
      readonly hours: number;
      readonly value: number;
      readonly target: number;
    }
  | { readonly do: 'trait'; readonly person: number; readonly country: string }
  | { readonly do: 'enrol'; readonly person: number }
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'segment'; readonly name: string; readonly condition: number }
  | { readonly do: 'keep' };

const person = fc.nat(people.length - 1);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('event' as const), type: fc.constantFrom('view', 'cart', 'purchase', 'purchase', 'opened', 'void'), person, hours: fc.integer({ min: -120, max: 10 }), value: fc.nat(40), target: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trait' as const), person, country: fc.constantFrom('AT', 'DE') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enrol' as const), person }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(0.001, 1, 12, 24, 30, 70) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('segment' as const), name: fc.constantFrom('one', 'two'), condition: fc.nat(conditions.length - 1) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'keep' as const }) },
); // prettier-ignore

describe('members that are kept step by step', () => {
  it('are those of a full rebuild, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 25 }), async (steps) => {
        await emptyTables(db);
        ctx = testContext(db);
        const key = await startExample(ctx);
        await registerSegment(ctx, { name: 'base', when: { event: 'cart', within: '1d' } });
        for (const [i, condition] of conditions.entries())
          await registerSegment(ctx, { name: `s${i}`, when: condition });
        let now = 0;
        for (const [i, step] of steps.entries()) {
          if (step.do === 'wait') ctx.setTime(at((now += step.hours)));
          else await take(step, i, now, key);
        }
        await keepMembers(ctx);
        const kept = await rows();
        await db('segment_members').delete();
        await rebuildMembers(ctx, await selectNewestSegments(db));
        expect(kept).toEqual(await rows());
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  async function take(
    step: Exclude<Step, { do: 'wait' }>,
    i: number,
    now: number,
    key: string,
  ): Promise<void> {
    if (step.do === 'keep') await keepMembers(ctx);
    if (step.do === 'segment')
      await registerSegment(ctx, { name: step.name, when: conditions[step.condition] });
    if (step.do === 'keep' || step.do === 'segment') return;
    const recipient = people[step.person]!;
    if (step.do === 'enrol') await assignRecipients(ctx, key, [{ id: recipient }]);
    if (step.do === 'trait') await recordProfiles(ctx, [{ recipient, traits: { country: step.country } }]);
    if (step.do !== 'event') return;
    const { type, hours, value, target } = step;
    const messageId = ctx.pseudonyms.messageId(key, ctx.pseudonyms.recipientKey(recipient));
    const event = {
      id: `e${i}`,
      type,
      at: at(now + hours),
      ...(type === 'opened' ? { messageId, class: 'human' } : { recipient }),
      ...(type === 'purchase' && { value: String(value), currency: 'EUR' }),
      ...(type === 'void' && { target: `e${target}` }),
    };
    const [answer] = await recordEvents(ctx, [event]);
    expect(answer?.status).not.toBe('refused');
  }

  const rows = () =>
    db('segment_members')
      .where({ member: true })
      .orderBy(['segment', 'recipient_key'])
      .select('segment', 'recipient_key');
});
