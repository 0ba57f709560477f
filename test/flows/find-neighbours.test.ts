import { beforeEach, describe, expect, test } from 'vitest';
import { findNeighbours, findSimilarItems } from '../../src/flows/find-neighbours.js';
import { recommend } from '../../src/flows/recommend.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { bought, hiking, learnPicks, openTwoTastes, personOf, tea } from './two-tastes.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  await openTwoTastes(ctx);
});

describe('neighbours', () => {
  test('are others of the same taste, the closest first, by the ids of the sender, with what they share', async () => {
    await learnPicks(ctx);
    const found = await findNeighbours(ctx, personOf(0));
    expect(found).toMatchObject({
      ...{ recipient: personOf(0), model: 'picks/1', method: 'user_knn' },
      learnedUntil: '2026-02-15T09:00:00.000Z',
      items: ['cup', 'kettle', 'pot', 'sieve'],
    });
    expect(found.neighbours.length).toBeGreaterThan(5);
    const similarities = found.neighbours.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    for (const { recipient, recipientKey, shared } of found.neighbours) {
      expect(recipientKey).toBe(ctx.pseudonyms.recipientKey(recipient!));
      expect(recipient).not.toBe(personOf(0));
      expect(Number(/\d+/.exec(recipient!)![0]) % 2).toBe(0);
      expect(shared.length).toBeGreaterThan(0);
      for (const item of shared) expect(tea).toContain(item);
    }
    expect((await findNeighbours(ctx, personOf(0), { most: 2 })).neighbours).toEqual(
      found.neighbours.slice(0, 2),
    );
  });

  test('are found for somebody who came after the learning', async () => {
    await learnPicks(ctx);
    await recordEvents(ctx, [
      bought(ctx, 'new@shop.example', 'boots', 1),
      bought(ctx, 'new@shop.example', 'map', 1),
    ]);
    const { neighbours } = await findNeighbours(ctx, 'new@shop.example');
    expect(neighbours[0]?.shared.length).toBe(2);
  });

  test('need somebody who is known, one strategy, and a method that keeps recipients', async () => {
    const code = async (recipient: string, options?: object) =>
      findNeighbours(ctx, recipient, options).then(
        () => '',
        (error: unknown) => (error as { code: string }).code,
      );
    expect(await code(personOf(0))).toBe('no_model');
    await learnPicks(ctx);
    expect(await code('nobody@shop.example')).toBe('recipient_not_found');
    expect(await code('')).toBe('recipient_not_found');
    expect(await code('a\0b')).toBe('recipient_not_found');
    await learnPicks(ctx, 'by-items', { method: 'item_knn' });
    expect(await code(personOf(0))).toBe('which_model');
    expect(await code(personOf(0), { name: 'by-items' })).toBe('keeps_no_recipients');
    expect(await code(personOf(0), { name: 'nothing' })).toMatch(/not_found/);
    expect(await code(personOf(0), { name: 'picks' })).toBe('');
  });
});

describe('similar items', () => {
  test('are those that the same recipients like', async () => {
    await learnPicks(ctx, 'by-items', { method: 'item_knn' });
    const found = await findSimilarItems(ctx, 'boots');
    expect(found).toMatchObject({ item: 'boots', model: 'by-items/1', method: 'item_knn' });
    expect(found.similar.map(({ id }) => id).sort()).toEqual(hiking.filter((item) => item !== 'boots'));
    await expect(findSimilarItems(ctx, 'gone')).rejects.toMatchObject({ code: 'item_not_learned' });
  });
});

describe('recommending to one', () => {
  test('shows titles, reasons and the trace, of what is in stock', async () => {
    await learnPicks(ctx);
    const key = ctx.pseudonyms.recipientKey(personOf(0));
    const found = await recommend(ctx, 'picks', key);
    expect(found).toMatchObject({
      ...{ strategy: 'picks', model: 'picks/1', method: 'user_knn', tooLong: false },
      items: [{ item: 'tin', title: 'The tin', reason: expect.any(String) as string }, {}],
      trace: { by: 'user_knn', known: 4 },
    });
    ctx.setTime('2026-03-01T10:00:00Z');
    await recordItems(ctx, [{ item: 'tin', stock: 0 }]);
    await takeSnapshot(ctx);
    expect((await recommend(ctx, 'picks', key)).items.map(({ item }) => item)).not.toContain('tin');
  });
});
