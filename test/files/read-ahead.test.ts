import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/files/read-ahead.js';

async function* counting(made: number[], until: number, fails = false): AsyncGenerator<number> {
  try {
    for (let i = 0; i < until; i += 1) {
      made.push(i);
      await Promise.resolve();
      yield i;
    }
    if (fails) throw new Error('broken');
  } finally {
    made.push(-1);
  }
}

describe('reading ahead', () => {
  it('gives the same values, the next one made before the last one is done with', async () => {
    const made: number[] = [];
    const seen: number[] = [];
    for await (const value of readAhead(counting(made, 3))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(value);
      if (value === 0) expect(made).toEqual([0, 1]);
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(made.at(-1), 'the source was closed').toBe(-1);
  });

  it('tells a failure after the values before it', async () => {
    const seen: number[] = [];
    const read = async () => {
      for await (const value of readAhead(counting([], 2, true))) seen.push(value);
    };
    await expect(read()).rejects.toThrow('broken');
    expect(seen).toEqual([0, 1]);
  });

  it('closes the source when nobody wants more', async () => {
    const made: number[] = [];
    for await (const value of readAhead(counting(made, 100))) if (value === 1) break;
    expect(made.at(-1)).toBe(-1);
    expect(made.length).toBeLessThan(6);
  });
});
