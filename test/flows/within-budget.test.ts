import { describe, expect, it } from 'vitest';
import { withinBudget } from '../../src/flows/within-budget.js';

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const never = (): void => expect.unreachable();

describe('work within a budget', () => {
  it('is done whole and in order where nothing hangs', () => {
    const done: number[] = [];
    withinBudget(2_000, 5, (i) => done.push(i), never);
    expect(done).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    withinBudget(0, 5, never, never);
  });

  it('goes on without the pieces that do not come to an end, loops and patterns alike', () => {
    const done: number[] = [];
    const late: number[] = [];
    withinBudget(
      30,
      20,
      (i) => {
        if (i === 3) for (;;);
        if (i === 17) /^(a+)+$/.test(`${'a'.repeat(60)}!`);
        done.push(i);
      },
      (i) => late.push(i),
    );
    expect(late).toEqual([3, 17]);
    expect(done).toHaveLength(28);
  });

  it('cannot be held up by a piece that catches everything', () => {
    const late: number[] = [];
    const stubborn = (): void => {
      for (;;) {
        try {
          for (;;);
        } catch {
          // goes on
        } finally {
          for (let i = 0; i < 10; i += 1);
        }
      }
    };
    withinBudget(1, 10, stubborn, (i) => late.push(i));
    expect(late).toEqual([0]);
  });

  it('answers for every piece, whenever the time runs out', () => {
    for (let round = 0; round < 150; round += 1) {
      const answered = new Set<number>();
      withinBudget(
        4,
        1,
        (i) => {
          spin((round % 7) * 0.4);
          answered.add(i);
        },
        (i) => answered.add(i),
      );
      expect(answered.size).toBe(4);
    }
    spin(5);
  });

  it('lets an error through: faults of strategies are caught where they are asked', () => {
    const fault = () => {
      throw new RangeError('mine');
    };
    expect(() => withinBudget(1, 50, fault, never)).toThrow(RangeError);
  });
});
