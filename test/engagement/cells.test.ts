import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellSheet, cellKey, type Place } from '../../src/engagement/cells.js';
import { factRules, type Facts, factsOf } from '../../src/engagement/facts.js';
import type { CellSums } from '../../src/engagement/cell-sums.js';
import { experiment, metric } from './build.js';

const place: Place = { arm: 1, allocationVersion: 2, fold: 3, day: '2026-03-01', cohorts: {} };
const rulesWith = (...caps: (number | undefined)[]) =>
  factRules(experiment(caps.map((cap, i) => metric({ key: `m${i}`, ...(cap !== undefined && { cap }) }))));
const make = (y: number[], d: number[] = [], x: number[] = [], stations = 0): Facts => ({
  y,
  d,
  x,
  stations,
});

function sums(sheet: CellSheet, name = 'm0'): CellSums | undefined {
  return [...sheet.cells().values()].find((cell) => cell.metric === name && cell.cohort === '')?.sums;
}

describe('the sums of a cell', () => {
  it('are exact, also where doubles are not', () => {
    const sheet = new CellSheet(rulesWith(undefined));
    sheet.add(place, make([123_456_789], [3], [7]));
    sheet.add(place, make([-2], [5], [0]));
    sheet.add(place, make([0], [0], [11]));
    expect(sums(sheet)).toEqual({
      n: 3n, nonZero: 2n, sum: 123_456_787n, sumSquares: 15_241_578_750_190_521n + 4n,
      sumCubes: 123_456_789n ** 3n - 8n,
      sumD: 8n, sumDD: 34n, sumYD: 370_370_367n - 10n,
      sumX: 18n, sumXX: 170n, sumYX: 864_197_523n, sumDX: 21n, capped: 0n, excess: 0n,
    }); // prettier-ignore
  });

  it('cut outcomes at the cap, and say of how many and how much', () => {
    const sheet = new CellSheet(rulesWith(100));
    for (const y of [99, 100, 101, 350, -500]) sheet.add(place, make([y], [2], [3]));
    expect(sums(sheet)).toMatchObject({
      n: 5n,
      sum: -101n,
      capped: 2n,
      excess: 251n,
      sumYD: -202n,
      sumYX: -303n,
    });
    expect(sums(sheet)).toMatchObject({ sumSquares: 99n ** 2n + 3n * 100n ** 2n + 500n ** 2n });
    sheet.change(place, make([350], [2], [3]), make([100], [2], [3]));
    expect(sums(sheet)).toMatchObject({ n: 5n, sum: -101n, capped: 1n, excess: 1n });
  });

  it('come to the same by any way: adding at the end, or changing all the time, in doubles or beyond', () => {
    const size = fc.oneof(
      fc.integer({ min: -20_001, max: 20_001 }),
      fc.constantFrom(0, 20_000, -20_000, 999_999_999_999_999, -999_999_999_999_999),
    );
    const outcome = fc
      .tuple(size, size, size, fc.nat(31))
      .map(([y, d, x, stations]) => make([y], [d], [x], stations));
    fc.assert(
      fc.property(
        fc.array(fc.array(outcome, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 30_000 })),
        (lives, cap) => {
          const rules = rulesWith(cap ?? undefined);
          const [atOnce, bitByBit] = [new CellSheet(rules), new CellSheet(rules)];
          let expected = { n: 0n, sum: 0n, sumCubes: 0n, sumDX: 0n, excess: 0n };
          for (const life of lives) {
            const last = life.at(-1)!;
            atOnce.add(place, last);
            bitByBit.add(place, life[0]!);
            for (let i = 1; i < life.length; i += 1) bitByBit.change(place, life[i - 1]!, life[i]!);
            const uncut = BigInt(last.y[0]!);
            const y = cap !== null && uncut > BigInt(cap) ? BigInt(cap) : uncut;
            const { n, sum, sumCubes, sumDX, excess } = expected;
            expected = {
              n: n + 1n,
              sum: sum + y,
              sumCubes: sumCubes + y ** 3n,
              sumDX: sumDX + BigInt(last.d[0]!) * BigInt(last.x[0]!),
              excess: excess + uncut - y,
            };
          }
          const held = (sheet: CellSheet) =>
            new Map(
              [...sheet.cells()].filter(([, cell]) => Object.values(cell.sums).some((sum) => sum !== 0n)),
            );
          expect(held(bitByBit)).toEqual(held(atOnce));
          if (lives.length > 0) expect(sums(atOnce)).toMatchObject(expected);
        },
      ),
    );
  });

  it('stay exact over thousands of recipients', () => {
    const sheet = new CellSheet(rulesWith(undefined));
    for (let i = 0; i < 5_000; i += 1) sheet.add(place, make([20_000 - (i % 2)], [19_999], [20_000]));
    const [a, b] = [20_000n, 19_999n];
    expect(sums(sheet)).toMatchObject({
      n: 5_000n,
      sumCubes: 2_500n * (a ** 3n + b ** 3n),
      sumDX: 5_000n * b * a,
      sumYX: 2_500n * (a + b) * a,
    });
  });
});

describe('cells', () => {
  it('stand apart by place, for everybody and for each cohort; stations for everybody only', () => {
    const sheet = new CellSheet(rulesWith(undefined, undefined));
    const cohorts = { country: 'DE', plan: '(unknown)' };
    sheet.add({ ...place, cohorts }, make([1, 0], [], [], 3));
    sheet.add({ ...place, cohorts: { ...cohorts, country: 'SE' } }, make([1, 0], [], [], 1));
    const found = [...sheet.cells().values()].map(
      ({ metric: name, cohort, cohortValue, sums: { n, sum } }) =>
        `${name} ${cohort}=${cohortValue} ${sum}/${n}`,
    );
    expect(found.sort()).toEqual(
      [
        '@clicked = 0/2', '@converted = 0/2', '@delivered = 1/2', '@opened = 0/2', '@sent = 2/2',
        'm0 = 2/2', 'm0 country=DE 1/1', 'm0 country=SE 1/1', 'm0 plan=(unknown) 2/2',
        'm1 = 0/2', 'm1 country=DE 0/1', 'm1 country=SE 0/1', 'm1 plan=(unknown) 0/2',
      ].sort(),
    ); // prettier-ignore
    const elsewhere: Partial<Place>[] = [
      { arm: 0 },
      { allocationVersion: 1 },
      { fold: 4 },
      { day: '2026-03-02' },
    ];
    elsewhere.forEach((other) => sheet.add({ ...place, cohorts, ...other }, make([1, 0])));
    const everybody = [...sheet.cells().values()].filter(
      (cell) => cell.metric === 'm0' && cell.cohort === '',
    );
    expect(everybody.map((cell) => cell.sums.n).sort()).toEqual([1n, 1n, 1n, 1n, 2n]);
    for (const [key, cell] of sheet.cells()) expect(cellKey(cell)).toBe(key);
  });

  it('hold nothing where nothing changed', () => {
    const sheet = new CellSheet(rulesWith(undefined));
    sheet.change(place, make([1], [2], [3], 5), make([1], [2], [3], 5));
    expect(sheet.cells().size).toBe(0);
    sheet.change(place, make([1]), make([2]));
    sheet.change(place, make([2]), make([1]));
    expect(sheet.cells().size).toBe(0);
  });

  it('of nothing begin with the whole window, where time is measured', () => {
    const rules = factRules(
      experiment([metric({ type: 'time_to_event', count: 'minutes', windowMs: 120_000 })]),
    );
    expect(factsOf(rules, 0, []).y.map(Number)).toEqual([2]);
  });
});
