import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasLabel, aliasTable, hiddenByMainEffect } from '../../src/statistics/factorial/alias.js';
import { factorialEffects, interactionPower } from '../../src/statistics/factorial/effects.js';
import {
  factorialContrasts,
  higherOrderRows,
  type FactorialContrast,
} from '../../src/statistics/factorial/factorial-contrasts.js';
import { fractionEffects } from '../../src/statistics/factorial/fraction-effects.js';
import { interactionScales, scalesDisagree } from '../../src/statistics/factorial/scales.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, leavesOutZero, levels, must } from './arbitrary.js';

function binary(successes: number, n: number): OutcomeSums {
  const k = BigInt(successes);
  return { n: BigInt(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

function letters(text: string): string[] {
  return text.split('');
}

function nameOf(one: Pick<FactorialContrast, 'kind' | 'factors' | 'levels' | 'at'>): string {
  return JSON.stringify([one.kind, one.factors, one.levels, one.at]);
}

const eight = [50, 61, 48, 77, 90, 66, 71, 120].map((k, i) => binary(k, 500 + 10 * i));

describe('effects of a full factorial', () => {
  const { effects } = must(factorialEffects('proportion', [2, 2, 2], eight, 0.95));

  it('come with the highest interaction first and simple effects last', () => {
    expect(effects.slice(0, 7).map(({ factors }) => factors.join(''))).toEqual(
      ['012', '01', '02', '12', '0', '1', '2'], // prettier-ignore
    );
    expect(effects.slice(7).every(({ kind }) => kind === 'simple')).toBe(true);
    expect(effects).toHaveLength(7 + 12);
  });

  it('are those of the contrasts that reports use', () => {
    for (const dims of [[2, 2], [3, 2], [2, 3, 2]]) {
      const cells = Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => binary(10 + i, 100));
      const mine = must(factorialEffects('proportion', dims, cells, 0.9)).effects;
      for (const known of factorialContrasts(dims)) {
        const same = mine.find((one) => nameOf(one) === nameOf(known)); // prettier-ignore
        expect(same?.coefficients).toEqual(known.coefficients.map((c) => expect.closeTo(c, 14) as number));
      }
      const higher = mine.filter(({ factors }) => factors.length > 2).map(({ coefficients }) => coefficients);
      expect(higher).toEqual(higherOrderRows(dims));
    }
  }); // prettier-ignore

  it('leave out no effect exactly when they reject', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }), levels, (ks, level) => {
        const cells = ks.map((k) => binary(k, 99));
        for (const { result } of must(factorialEffects('proportion', [2, 2], cells, level)).effects) {
          if (isRefusal(result)) continue;
          expect(leavesOutZero(result.estimate.interval)).toBe(result.test.p < 1 - level);
        }
      }),
    );
  });

  it('weigh the other factors alike, or as recipients are, and say which', () => {
    const cells = [binary(100, 1000), binary(30, 100), binary(200, 1000), binary(60, 100)];
    const value = (weights: 'equal' | 'proportional') => {
      const answer = must(factorialEffects('proportion', [2, 2], cells, 0.95, weights));
      expect(answer.weights).toBe(weights);
      const main = answer.effects.find(({ kind }) => kind === 'main')!.result;
      return must(main).estimate.value;
    };
    expect(value('equal')).toBeCloseTo((0.1 + 0.3) / 2, 14);
    expect(value('proportional')).toBeCloseTo((0.1 * 2000 + 0.3 * 200) / 2200, 14);
  });

  it('refuse only what an empty cell touches', () => {
    const holes = [binary(10, 100), binary(12, 100), binary(9, 100), binary(0, 0)];
    const answer = must(factorialEffects('proportion', [2, 2], holes, 0.95)).effects;
    expect(answer.filter(({ kind }) => kind !== 'simple').map(({ result }) => codeOf(result))).toEqual(
      Array.from({ length: 3 }, () => 'missing_cell'),
    );
    const simple = answer.filter(({ kind }) => kind === 'simple').map(({ result }) => codeOf(result));
    expect(simple.toSorted()).toEqual(['missing_cell', 'missing_cell', 'not refused', 'not refused']);
  });

  it('say how likely an interaction of the size of a main effect would have been found', () => {
    expect(interactionPower(0, 1, 0.05)).toBeCloseTo(0.05, 12);
    expect(interactionPower(1.959963984540054, 1, 0.05)).toBeCloseTo(0.5, 4);
    expect(interactionPower(1e6, 1, 0.05)).toBe(1);
    expect(effects[0]?.power).toBeGreaterThan(0.05);
    expect(effects.at(-1)?.power).toBeUndefined();
  });

  it('refuse a bad design, level, weighting or sum', () => {
    expect(codeOf(factorialEffects('mean', [2, 3], eight, 0.95))).toBe('invalid_input');
    expect(codeOf(factorialEffects('mean', [2, 2, 2], eight, 0))).toBe('invalid_input');
    expect(codeOf(factorialEffects('mean', [2, 2, 2], eight, 0.9, 'cells' as 'equal'))).toBe('invalid_input');
    const bad = [{ ...binary(3, 10), sumSquares: 0n }, ...eight.slice(1)];
    expect(codeOf(factorialEffects('mean', [2, 2, 2], bad, 0.95))).toBe('invalid_input');
  });
});

describe('interactions on two scales', () => {
  const counts = (...ks: number[]) => ks.map((k) => ({ successes: BigInt(k), n: 10_000n }));

  it('disagree where effects add up as rates only', () => {
    const [additive] = must(interactionScales([2, 2], counts(100, 600, 600, 1100), 0.05));
    expect(must(additive!.rates).p).toBe(1);
    expect(must(additive!.logOdds).p).toBeLessThan(1e-10);
    expect(additive!.disagree).toBe(true);
    const [both] = must(interactionScales([2, 2], counts(600, 600, 600, 1100), 0.05));
    expect(both!.disagree).toBe(false);
  });

  it('keep the differences of rates where log odds are infinite', () => {
    const [one] = must(interactionScales([2, 2], counts(0, 600, 600, 1100), 0.05));
    expect(codeOf(one!.logOdds)).toBe('separation');
    expect(codeOf(one!.rates)).toBe('not refused');
    expect(one!.disagree).toBeUndefined();
    expect(scalesDisagree(one!.rates, one!.rates, 0.05)).toBe(false);
  });

  it('refuse a bad alpha and an empty cell', () => {
    expect(codeOf(interactionScales([2, 2], counts(1, 2, 3, 4), 1))).toBe('invalid_input');
    const hole = [...counts(1, 2, 3), { successes: 0n, n: 0n }];
    expect(codeOf(interactionScales([2, 2], hole, 0.05))).toBe('missing_cell');
  });
});

describe('aliases', () => {
  it('are those of the half fraction 2^(4-1) and its other half', () => {
    const half = must(aliasTable(letters('ABC'), ['D=ABC']));
    expect([half.definingWords, half.resolution]).toEqual([['ABCD'], 4]);
    expect(half.aliases['AB']).toEqual(['CD']);
    const other = must(aliasTable(letters('ABC'), ['D=-ABC']));
    expect(other.definingWords).toEqual(['-ABCD']);
    expect(other.aliases['A']).toEqual(['-BCD']);
  });

  it("are those of Box & Hunter's 2^(7-4): every main effect with three pairs", () => {
    const { resolution, definingWords, aliases } = must(aliasTable(letters('ABC'), ['D=AB', 'E=AC', 'F=BC', 'G=ABC']));
    expect(resolution).toBe(3);
    expect(definingWords).toHaveLength(15);
    expect(definingWords.slice(0, 7)).toEqual(['ABD', 'ACE', 'AFG', 'BCF', 'BEG', 'CDG', 'DEF']);
    expect(aliases['A']?.slice(0, 3)).toEqual(['BD', 'CE', 'FG']);
  }); // prettier-ignore

  it('are none of a full factorial', () => {
    const full = must(aliasTable(letters('AB'), []));
    expect([full.resolution, full.definingWords, full.aliases['AB']]).toEqual([Infinity, [], []]);
  });

  it.each([
    ['resolution II', 'ABC', ['D=A'], 'aliased'],
    ['two generators alike', 'ABC', ['D=AB', 'E=AB'], 'aliased'],
    ['a factor defined twice', 'ABC', ['D=AB', 'D=AC'], 'invalid_input'],
    ['a base factor defined again', 'ABC', ['A=BC'], 'invalid_input'],
    ['an unknown factor', 'ABC', ['D=ABX'], 'invalid_input'],
    ['a factor of itself', 'ABC', ['D=ABD'], 'invalid_input'],
    ['a repeated letter', 'ABC', ['D=AAB'], 'invalid_input'],
    ['no right side', 'ABC', ['D='], 'invalid_input'],
    ['a twin base factor', 'ABA', [], 'invalid_input'],
    ['no factors', '', [], 'invalid_input'],
    ['small letters', 'ab', [], 'invalid_input'],
    ['twelve generators', 'ABCDE', letters('FGHIJKLMNOPQ').map((one) => `${one}=ABC`), 'invalid_input'],
  ])('refuse %s', (_, base, generators, code) => {
    expect(codeOf(aliasTable(letters(base), generators))).toBe(code);
  });

  it('label estimates, and refuse interactions that hide behind a main effect', () => {
    const fraction = must(aliasTable(letters('ABC'), ['D=-AB', 'E=AC']));
    expect(aliasLabel(fraction, 'A')).toBe('A = -BD = CE');
    expect(hiddenByMainEffect(fraction, 'AB')?.code).toBe('aliased');
    expect(hiddenByMainEffect(fraction, 'A')).toBeUndefined();
    expect(hiddenByMainEffect(fraction, 'BC')).toBeUndefined();
    expect(hiddenByMainEffect(fraction, 'XY')?.code).toBe('invalid_input');
  });
});

describe('effects of a fraction', () => {
  /** Runs of base factors, low before high, whose rates follow from the levels. */
  const runs = (generate: (a: number, b: number, c: number) => number) =>
    [-1, 1].flatMap((a) => [-1, 1].flatMap((b) => [-1, 1].map((c) => binary(generate(a, b, c), 1000))));

  it('find the factor that acts, under its own sign', () => {
    const cells = runs((a, b, c) => 200 + 50 * -(a * b * c));
    const effects = must(fractionEffects('proportion', letters('ABC'), ['D=-ABC'], cells, 0.95));
    const value = (name: string) =>
      must(effects.find(({ effect }) => effect === name)!.result).estimate.value;
    expect(value('D')).toBeCloseTo(0.1, 14);
    for (const name of ['A', 'B', 'C', 'AB', 'CD']) expect(value(name)).toBeCloseTo(0, 14);
    expect(effects.find(({ effect }) => effect === 'AB')?.label).toBe('AB = -CD');
  });

  it('give aliased pairs the same estimate, or the other sign', () => {
    const cells = runs((a, b, c) => 200 + 30 * a * b + 10 * c);
    const effects = must(fractionEffects('proportion', letters('ABC'), ['D=-ABC'], cells, 0.95));
    const value = (name: string) =>
      must(effects.find(({ effect }) => effect === name)!.result).estimate.value;
    expect(value('AB')).toBeCloseTo(0.12, 14);
    expect(value('CD')).toBeCloseTo(-0.12, 14);
    expect(value('C')).toBeCloseTo(0.02, 14);
  });

  it('refuse hidden interactions one by one, and a wrong number of runs as a whole', () => {
    const effects = must(fractionEffects('proportion', letters('ABC'), ['D=AB'], runs(() => 200), 0.95)); // prettier-ignore
    expect(codeOf(effects.find(({ effect }) => effect === 'AB')!.result)).toBe('aliased');
    expect(codeOf(effects.find(({ effect }) => effect === 'AC')!.result)).toBe('not refused');
    expect(codeOf(fractionEffects('mean', letters('AB'), [], eight, 0.95))).toBe('invalid_input');
    expect(codeOf(fractionEffects('mean', letters('ABC'), ['D=A'], eight, 0.95))).toBe('aliased');
  });

  it('are those of the full factorial where nothing is left out', () => {
    const full = must(factorialEffects('proportion', [2, 2, 2], eight, 0.95)).effects;
    const fraction = must(fractionEffects('proportion', letters('ABC'), [], eight, 0.95));
    const pick = (factors: string) => must(full.find((one) => one.kind !== 'simple' && one.factors.join('') === factors)!.result); // prettier-ignore
    [['A', '0'], ['C', '2'], ['AB', '01'], ['BC', '12']].forEach(([name, factors]) => {
      const own = must(fraction.find(({ effect }) => effect === name)!.result);
      expect(own.test.p).toBeCloseTo(pick(factors!).test.p, 13);
      expect(own.estimate.value).toBeCloseTo(pick(factors!).estimate.value, 14);
    });
  }); // prettier-ignore
});
