import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recipientRows } from '../../../../src/evaluation/recipient-rows.js';
import { dealFolds, rowsOfFold } from '../../../../src/strategies/ml/validation/folds.js';
import { foldsOf, known, world } from './validation-world.js';

describe('folds', () => {
  const cases = fc.record({
    ids: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 40, maxLength: 200 }),
    labels: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 200, maxLength: 200 }),
    count: fc.integer({ min: 2, max: 5 }),
    seed: fc.string(),
    stratified: fc.boolean(),
  });

  it('hold every row once, never a recipient on both sides, and are the same for the same seed', () => {
    fc.assert(
      fc.property(cases, ({ ids, labels, count, seed, stratified }) => {
        const recipients = recipientRows(ids.map(String));
        const own = Uint8Array.from(ids, (_, i) => labels[i]!);
        const folds = dealFolds(own, recipients, seed, { count, stratified });
        if ('refused' in folds) {
          expect(folds.reason).toMatch(/^There are \d+ recipients.*\.$/);
          return;
        }
        const seen = new Map<number, number>();
        for (const [row, id] of ids.entries()) {
          expect(seen.get(id) ?? folds.of[row]).toBe(folds.of[row]);
          seen.set(id, folds.of[row]!);
        }
        const parts = Array.from({ length: count }, (_, fold) => rowsOfFold(folds, fold));
        expect(parts.flatMap(({ inside }) => [...inside]).sort((a, b) => a - b)).toEqual([...ids.keys()]);
        for (const { inside, outside } of parts) {
          expect(inside.length).toBeGreaterThan(0);
          expect(inside.length + outside.length).toBe(ids.length);
        }
        expect(dealFolds(own, recipients, seed, { count, stratified })).toEqual(folds);
      }),
      { numRuns: 60 },
    );
  });

  it('have another hash for another seed, and each about its part of the positives', () => {
    const rows = world(1_000);
    const [a, b] = [foldsOf(rows, 'a'), foldsOf(rows, 'b')];
    expect(a.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(a.hash).not.toBe(b.hash);
    const positives = rows.labels.reduce((sum, label) => sum + label, 0);
    for (let fold = 0; fold < 5; fold++) {
      const own = rowsOfFold(a, fold).inside.reduce((sum, row) => sum + rows.labels[row]!, 0);
      expect(Math.abs(own - positives / 5)).toBeLessThan(1);
    }
  });

  it('can be dealt where nearly every recipient has rows of both labels', () => {
    const recipients = recipientRows(Array.from({ length: 200 }, (_, i) => `r${i % 20}`));
    const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(i % 3 === 0));
    const folds = known(dealFolds(labels, recipients, 's'));
    for (let fold = 0; fold < 5; fold++) {
      const { inside } = rowsOfFold(folds, fold);
      expect(inside).toHaveLength(40);
      const positives = inside.reduce((sum, row) => sum + labels[row]!, 0);
      expect(Math.abs(positives - 67 / 5)).toBeLessThan(2);
    }
  });

  it('share positives evenly where recipients have more and fewer rows', () => {
    const ids = ['two', 'two', ...Array<string>(10).fill('ten'), 'one', 'a', 'b', 'c', 'd', 'e', 'f'];
    const labels = Uint8Array.from(ids, (id, i) => Number(id === 'two' || id === 'one' || i === 2));
    for (const seed of ['a', 'b', 'c', 'd']) {
      const folds = known(dealFolds(labels, recipientRows(ids), seed, { count: 2 }));
      const { inside } = rowsOfFold(folds, 0);
      expect(inside.reduce((sum, row) => sum + labels[row]!, 0)).toBe(2);
    }
  });

  it('are refused where there are not enough of either label, or the number is none', () => {
    const labels = Uint8Array.of(1, 0, 0, 0, 0, 0);
    const recipients = recipientRows(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(dealFolds(labels, recipients, 's', { count: 2 })).toMatchObject({ code: 'too_few' });
    for (const count of [0, 1, 51, 2.5, NaN]) {
      expect(dealFolds(labels, recipients, 's', { count })).toMatchObject({ code: 'invalid_input' });
    }
  });
});
