import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LifecycleDeclaration,
  lifecycleProblems,
  lifecycleStage,
  stagesOf,
  usualLifecycle,
} from '../../../src/profiles/features/lifecycle.js';
import type { Behaviour } from '../../../src/profiles/history.js';
import { day, start } from '../any-reports.js';

const bought = (...days: number[]): Behaviour[] =>
  days.map((days, i) => ({ id: `p${i}`, type: 'purchase', at: start + days * day }));
const stage = (history: readonly Behaviour[], days: number) =>
  lifecycleStage(history, start + days * day, usualLifecycle);

describe('the stage of a customer', () => {
  it.each([
    ['prospect', [], 100],
    ['prospect', [100], 100],
    ['new', [0], 29.99],
    ['active', [0], 30],
    ['new', [0, 1, 2, 3, 4, 5], 29],
    ['loyal', [0, 1, 2, 3, 4], 30],
    ['active', [0, 1, 2, 3], 30],
    ['active', [0], 89.99],
    ['at_risk', [0], 90],
    ['at_risk', [0, 1, 2, 3, 4, 5], 96],
    ['at_risk', [0], 179.99],
    ['lapsed', [0], 180],
    ['lapsed', [0], 364.99],
    ['churned', [0], 365],
    ['churned', [0], 30_000],
  ])('is %s with purchases on days %j at day %d', (expected, days, clock) => {
    expect(stage(bought(...days), clock)).toBe(expected);
  });

  it('is exactly one for everybody under any declaration without problems', () => {
    const anyDeclaration: fc.Arbitrary<LifecycleDeclaration> = fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 1, max: 800 }), { minLength: 0, maxLength: 5 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([bounds, newDays, loyalOrders]) => {
        const edges = [0, ...bounds.sort((a, b) => a - b)];
        const bands = edges.map((fromDays, i) => ({
          stage: `s${i}`,
          fromDays,
          ...(edges[i + 1] !== undefined && { toDays: edges[i + 1]! }),
        }));
        return { newDays, loyalOrders, bands };
      });
    fc.assert(
      fc.property(
        anyDeclaration,
        fc.array(fc.nat(1_000), { maxLength: 8 }),
        fc.nat(2_000),
        (declared, days, clock) => {
          const { newDays, bands } = declared;
          const reaches = bands[0]?.toDays !== undefined && newDays > bands[0].toDays;
          expect(lifecycleProblems(declared).length > 0).toBe(reaches);
          expect(stagesOf(declared)).toContain(
            lifecycleStage(bought(...days.sort((a, b) => a - b)), start + clock * day, declared),
          );
        },
      ),
    );
  });
});

describe('declared stages', () => {
  const problems = (change: Partial<LifecycleDeclaration>) =>
    lifecycleProblems({ ...usualLifecycle, ...change });
  const bands = (...rows: [string, number, number?][]) => ({
    bands: rows.map(([stage, fromDays, toDays]) => ({
      stage,
      fromDays,
      ...(toDays !== undefined && { toDays }),
    })),
  });

  it('are accepted as they are usual', () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    ['a gap', bands(['a', 0, 90], ['b', 100]), 'bands[0].toDays', 'leaves a gap from 90 to 100 days'],
    ['an overlap', bands(['a', 0, 90], ['b', 80]), 'bands[0].toDays', 'overlaps b, which begins at 80 days'],
    [
      'an end',
      bands(['a', 0, 90], ['b', 90, 100]),
      'bands[1].toDays',
      'leaves a gap from 100 days on: leave it out of the last band',
    ],
    [
      'no end in between',
      bands(['a', 0], ['b', 90]),
      'bands[0].toDays',
      'is missing: a overlaps b, only the last band goes on for ever',
    ],
    [
      'a start above 0',
      bands(['a', 1]),
      'bands[0].fromDays',
      'must be 0: nobody may fall below the first band',
    ],
    ['no band', { bands: [] }, 'bands', 'there must be at least one'],
    ['a name twice', bands(['a', 0, 9], ['a', 9]), 'bands[1].stage', '"a" is the name of another stage'],
    ['a name that is taken', bands(['new', 0]), 'bands[0].stage', '"new" is the name of another stage'],
    [
      'a backward band',
      bands(['a', 0, 0], ['b', 0]),
      'bands[0].toDays',
      'must be whole days above 0, at most 36500',
    ],
    [
      'absurd days',
      bands(['a', 0, 1e300], ['b', 1e300]),
      'bands[0].toDays',
      'must be whole days above 0, at most 36500',
    ],
    ['new for too long', { newDays: 100 }, 'newDays', 'overlaps at_risk: at most 90 days, where active ends'],
    ['no number', { loyalOrders: Number.NaN }, 'loyalOrders', 'must be a whole number from 1 on'],
  ])('are refused with %s', (_, change, path, message) => {
    expect(problems(change)).toContainEqual({ path, message });
  });
});
