import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { PostulateError } from '../../src/errors.js';
import { findSegment, listSegments } from '../../src/flows/find-segments.js';
import { loadSegments, pinSegments } from '../../src/flows/load-segments.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { type TestContext, testContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

const database = await openTestDatabase();
const db = database.knex;
let ctx: TestContext;
beforeEach(async () => {
  await emptyTables(db);
  ctx = testContext(db);
});
afterAll(() => database.close());

const view = { event: 'view' };
const cart = { event: 'cart' };
const register = (name: string, when: unknown, more: object = {}) =>
  registerSegment(ctx, { name, when, ...more });
const refusal = async (name: unknown, when: unknown, more: object = {}): Promise<PostulateError> => {
  try {
    await registerSegment(ctx, { name, when, ...more });
  } catch (error) {
    return error as PostulateError;
  }
  throw new Error('it was not refused');
};

describe('registering a segment', () => {
  it('numbers versions within a name, and takes the same content for the version that is there', async () => {
    const first = await register('viewers', view, { title: 'Viewers' });
    expect(first).toMatchObject({
      name: 'viewers',
      version: 1,
      title: 'Viewers',
      hash: expect.stringMatching(/^sha256:/),
    });
    expect(await register('viewers', { ...view, op: 'at_least', value: 1 }, { title: 'Viewers' })).toEqual(
      first,
    );
    expect((await register('viewers', cart)).version).toBe(2);
    // The same condition under another name is another segment.
    expect((await register('others', view, { title: 'Viewers' })).version).toBe(1);
    expect((await findSegment(ctx, 'viewers')).versions.map(({ version }) => version)).toEqual([2, 1]);
    expect((await listSegments(ctx)).map(({ name, version }) => [name, version])).toEqual([
      ['others', 1],
      ['viewers', 2],
    ]);
  });

  it('pins the segments that it names', async () => {
    await register('a', view);
    const b = await register('b', { any: [{ segment: 'a' }, cart] });
    await register('a', cart);
    const c = await register('c', { all: [{ segment: 'b' }, { segment: 'a@1' }, { segment: 'a' }] });
    expect(b.when).toMatchObject({ any: [{ segment: 'a@1' }, {}] });
    expect(c.when).toEqual({ all: [{ segment: 'b@1' }, { segment: 'a@1' }, { segment: 'a@2' }] });
    const loaded = await loadSegments(db, ['c@1']);
    expect([...loaded.keys()].sort()).toEqual(['a@1', 'a@2', 'b@1', 'c@1']);
    await expect(loadSegments(db, ['z@1'])).rejects.toThrow('segment z@1 is missing');
  });

  it('refuses a cycle with its path, whatever it leads through', async () => {
    await register('a', view);
    await register('b', { not: { segment: 'a' } });
    await register('c', { any: [cart, { segment: 'b' }] });
    const error = await refusal('a', { all: [view, { segment: 'c' }] });
    expect([error.code, error.message]).toEqual([
      'segment_cycle',
      'Segments must not lead back to themselves: a > c@1 > b@1 > a@1.',
    ]);
    expect((await refusal('a', { segment: 'a@1' })).message).toContain('a > a@1.');
    expect((await refusal('new', { segment: 'new' })).problems).toEqual([
      { path: 'when.segment', message: 'there is no segment "new"; register it first' },
    ]);
  });

  it('follows a web of segments that would be endless by its paths', async () => {
    await register('s0', view);
    for (let i = 1; i <= 25; i += 1) {
      await register(`s${i}`, { any: [{ segment: `s${i - 1}` }, { segment: `s${Math.max(0, i - 2)}` }] });
    }
    expect((await register('top', { segment: 's25' })).version).toBe(1);
  });

  it.each([
    ['no name', undefined, view, 'name'],
    ['a name with blanks', 'a b', view, 'name'],
    ['no condition', 'a', undefined, 'when'],
    ['an unknown event', 'a', { event: 'exploded' }, 'when.event'],
    ['an unknown feature', 'a', { feature: 'nothing', op: 'gt', value: 1 }, 'when.feature'],
    ['an absurd window', 'a', { event: 'view', within: '999999d' }, 'when.within'],
    ['an infinite bound', 'a', { feature: 'frequency', op: 'gt', value: Infinity }, 'when.value'],
    ['an unknown segment', 'a', { segment: 'nobody@7' }, 'when.segment'],
    ['a prototype for a segment', 'a', { segment: '__proto__' }, 'when.segment'],
  ])('refuses %s and stores nothing', async (_, name, when, path) => {
    const { code, problems } = await refusal(name, when);
    expect(code).toBe('invalid_segment');
    expect(problems.map((one) => one.path)).toContain(path);
    expect(await db('segment_versions')).toEqual([]);
  });

  it('refuses a condition that is too deep or too wide, and unknown fields', async () => {
    let deep: unknown = view;
    for (let i = 0; i < 200; i += 1) deep = { not: deep };
    expect((await refusal('a', deep)).problems.length).toBeGreaterThan(0);
    expect((await refusal('a', { any: Array(10_000).fill(view) })).problems.length).toBeGreaterThan(0);
    expect((await refusal('a', view, { more: 1 })).problems[0]?.message).toContain('"more"');
  });
});

describe('pinning', () => {
  it('finds references anywhere and tells unknown ones with their paths', async () => {
    await register('a', view);
    expect(
      await pinSegments(db, { rules: [{ when: { segment: 'a' }, slots: { segment: 'a', text: 'x' } }] }),
    ).toEqual({
      ok: true,
      value: { rules: [{ when: { segment: 'a@1' }, slots: { segment: 'a', text: 'x' } }] },
    });
    expect(
      await pinSegments(db, { rules: [{ when: { not: { segment: 'b' } } }, { when: { segment: 'a@9' } }] }),
    ).toEqual({
      ok: false,
      problems: [
        { path: 'rules[0].when.not.segment', message: 'there is no segment "b"; register it first' },
        { path: 'rules[1].when.segment', message: 'there is no segment "a@9"; register it first' },
      ],
    });
  });
});
