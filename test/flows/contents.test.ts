import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { loadContents, pinContents } from '../../src/flows/load-contents.js';
import { listContents, registerContent } from '../../src/flows/register-content.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterEach(() => emptyTables(database.knex));
afterAll(() => database.close());

const register = (name: string, body: string) => registerContent(ctx, { name, body });

describe('registerContent', () => {
  it('numbers the versions of a name, and knows the newest text again', async () => {
    expect(await register('offer', 'One')).toMatchObject({ version: 1 });
    expect(await register('offer', 'One')).toMatchObject({ version: 1 });
    expect(await register('offer', 'Two')).toMatchObject({ version: 2 });
    expect(await register('offer', 'One')).toMatchObject({ version: 3 });
    expect(await register('other', 'One')).toMatchObject({ version: 1 });
    const all = await listContents(ctx);
    expect(all.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'offer@3',
      'offer@2',
      'offer@1',
      'other@1',
    ]);
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(4);
  });

  it('gives every one of many writers of a name a number of its own', async () => {
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((body) => register('offer', body)));
    expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
  });

  it.each([
    [{ name: 'Offer', body: 'x' }, 'name'],
    [{ name: 'offer@2', body: 'x' }, 'name'],
    [{ name: 'offer', body: '  \n' }, 'body'],
    [{ name: 'offer', body: 'a\0b' }, 'body'],
    [{ name: 'offer', body: '\ud800' }, 'body'],
    [{ name: 'offer', body: 'x'.repeat(20_001) }, 'body'],
    [{ name: 'offer', body: { content: 'other' } }, 'body'],
    [{ name: 'offer', body: 'x', version: 7 }, ''],
  ])('refuses %j and stores nothing', async (input, path) => {
    await expect(registerContent(ctx, input)).rejects.toMatchObject({
      code: 'invalid_content',
      problems: [expect.objectContaining({ path })],
    });
    expect(await listContents(ctx)).toEqual([]);
  });
});

describe('pinContents', () => {
  it('pins names to the newest version, wherever they stand, and leaves everything else alone', async () => {
    for (const body of ['One', 'Two', 'Three']) await register('offer', body);
    await register('a.b-c_9', 'x');
    const definition = {
      rules: [{ slots: { subject: 'text', offer: { content: 'offer' } } }],
      default: { offer: { content: 'offer@2' }, deep: [[{ content: 'a.b-c_9' }]] },
      not: { content: 'offer', besides: 1 },
      number: { content: 3 },
    };
    expect(await pinContents(ctx.db, definition)).toEqual({
      ok: true,
      value: {
        rules: [{ slots: { subject: 'text', offer: { content: 'offer@3' } } }],
        default: { offer: { content: 'offer@2' }, deep: [[{ content: 'a.b-c_9@1' }]] },
        not: { content: 'offer', besides: 1 },
        number: { content: 3 },
      },
    });
    expect(await loadContents(ctx.db, ['offer@2', 'a.b-c_9@1', 'offer@2'])).toEqual(
      new Map([
        ['offer@2', 'Two'],
        ['a.b-c_9@1', 'x'],
      ]),
    );
  });

  it('names every unknown one with its path', async () => {
    await register('offer', 'One');
    const pinned = await pinContents(ctx.db, {
      rules: [{ slots: { offer: { content: 'offer@2' }, good: { content: 'offer' } } }],
      default: { offer: { content: 'nothing' }, odd: { content: "x'; drop table contents" } },
    });
    expect(pinned).toMatchObject({
      ok: false,
      problems: [
        { path: 'rules[0].slots.offer.content', message: expect.stringContaining('"offer@2"') },
        { path: 'default.offer.content' },
        { path: 'default.odd.content' },
      ],
    });
    await expect(loadContents(ctx.db, ['offer@1', 'offer@9'])).rejects.toThrow('content offer@9 is missing');
  });

  it('changes nothing in a definition that is pinned', async () => {
    await register('offer', 'One');
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const once = await pinContents(ctx.db, { value, offer: { content: 'offer' } });
        if (!once.ok) return;
        expect(await pinContents(ctx.db, once.value)).toEqual(once);
        expect((once.value as { value: unknown }).value).toEqual(value);
      }),
      { numRuns: 30 },
    );
  });
});
