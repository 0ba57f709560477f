import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaBinomial } from '../../src/statistics/bayes/beta-binomial.js';
import { betaBinomialMulti } from '../../src/statistics/bayes/beta-binomial-multi.js';
import { betaPriorFromRate } from '../../src/statistics/bayes/beta-prior.js';
import { normalPosterior, unitNormalLoss } from '../../src/statistics/bayes/normal.js';
import { priorFromTests } from '../../src/statistics/bayes/prior-from-tests.js';
import { upliftPosterior } from '../../src/statistics/bayes/uplift-posterior.js';
import type { Count } from '../../src/statistics/count.js';
import { codeOf, must } from './arbitrary.js';

const arm = (successes: number, n: number): Count => ({ successes: BigInt(successes), n: BigInt(n) });
const arms = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, share]) => arm(Math.round(n * share), n));
const priors = fc.constantFrom({ a: 1, b: 1 }, { a: 0.5, b: 0.5 }, { a: 2, b: 18 }, { a: 0.001, b: 3 });

/** P(treatment > control) for whole shapes as Evan Miller's finite sum, term by term. */
function finiteSum(a1: number, b1: number, a2: number, b2: number): number {
  let term = 1;
  for (let k = 0; k < b2; k += 1) term *= (b1 + k) / (a1 + b1 + k);
  let sum = term;
  for (let i = 1; i < a2; i += 1) {
    term *= ((a1 + i - 1) / (a1 + i - 1 + b1 + b2)) * ((b2 + i - 1) / i);
    sum += term;
  }
  return sum;
}

describe('two rates', () => {
  it('agree with the finite sum for whole shapes', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 40, max: 80 })),
        fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 40, max: 80 })),
        ([x1, n1], [x2, n2]) => {
          const { treatmentBetter } = must(betaBinomial(arm(x1, n1), arm(x2, n2), { a: 1, b: 1 }, 0.95));
          const expected = finiteSum(x1 + 1, n1 - x1 + 1, x2 + 1, n2 - x2 + 1);
          expect(Math.abs(treatmentBetter.probability / expected - 1)).toBeLessThan(1e-11);
        },
      ),
    );
  });

  it('lose what the identity by one more success says they lose', () => {
    const [a1, b1, a2, b2] = [21, 381, 23, 369];
    const { loss } = must(betaBinomial(arm(20, 400), arm(22, 390), { a: 1, b: 1 }, 0.95));
    const [m1, m2] = [a1 / (a1 + b1), a2 / (a2 + b2)];
    const expected = m2 * finiteSum(a1, b1, a2 + 1, b2) - m1 * finiteSum(a1 + 1, b1, a2, b2);
    expect(loss.chooseControl).toBeCloseTo(expected, 13);
  });

  it('swap when the arms are swapped, and when success is failure', () => {
    fc.assert(
      fc.property(arms, arms, priors, (one, two, prior) => {
        const plain = must(betaBinomial(one, two, prior, 0.9));
        const swapped = must(betaBinomial(two, one, prior, 0.9));
        expect(swapped.treatmentBetter.log).toBeCloseTo(plain.controlBetter.log, 9);
        expect(swapped.loss.chooseControl).toBeCloseTo(plain.loss.chooseTreatment, 12);
        const flip = ({ successes, n }: Count) => ({ successes: n - successes, n });
        const mirrored = must(betaBinomial(flip(one), flip(two), { a: prior.b, b: prior.a }, 0.9));
        expect(mirrored.treatmentBetter.log).toBeCloseTo(plain.controlBetter.log, 9);
        expect(mirrored.control.interval.lower).toBeCloseTo(1 - plain.control.interval.upper, 12);
        expect(plain.treatmentBetter.probability + plain.controlBetter.probability).toBeCloseTo(1, 12);
        const gain = plain.treatment.value - plain.control.value;
        expect(plain.loss.chooseControl - plain.loss.chooseTreatment).toBeCloseTo(gain, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('keep their digits where nothing is left of the other side', () => {
    const prior = { a: 1, b: 1 };
    const far = must(betaBinomial(arm(100, 10_000), arm(2_000, 10_000), prior, 0.95));
    expect(far.treatmentBetter.probability).toBe(1);
    expect(far.controlBetter.log).toBeLessThan(-1000);
    expect(Number.isFinite(far.controlBetter.log)).toBe(true);
    // mpmath: E[(A - B)+] for Beta(130, 306) against Beta(200, 153), where the identity is left with nothing.
    const tiny = must(betaBinomial(arm(129, 434), arm(199, 351), prior, 0.95));
    expect(tiny.loss.chooseTreatment / 4.958483589108549e-17).toBeCloseTo(1, 12);
    expect(tiny.controlBetter.log).toBeCloseTo(-32.137310690538605, 11);
  });

  it('serve a billion recipients and shapes next to zero', () => {
    const large = must(betaBinomial(arm(1e8, 1e9), arm(1.0003e8, 1e9), { a: 1, b: 1 }, 0.95));
    // Normal approximation: z = 3e-5 / sqrt(2 * 0.09 / 1e9).
    expect(large.treatmentBetter.probability).toBeCloseTo(0.9873, 4);
    const empty = must(betaBinomial(arm(0, 100), arm(0, 100), { a: 2e-4, b: 2 }, 0.95));
    expect(empty.treatmentBetter.probability).toBeCloseTo(0.5, 12);
  });

  it('warn of a prior that outweighs the data, and refuse what no data or prior can be', () => {
    const ask = (count: Count, a: number, b: number, level = 0.95) =>
      betaBinomial(count, arm(5, 50), { a, b }, level);
    expect(must(ask(arm(1, 10), 20, 80)).warnings.map(({ code }) => code)).toEqual(['strong_prior']);
    expect(must(ask(arm(1, 100), 1, 1)).warnings).toEqual([]);
    for (const shape of [0, -1, NaN, Infinity, 1e-9, 1e11]) {
      expect(codeOf(ask(arm(1, 10), shape, 1))).toBe('invalid_input');
      expect(codeOf(ask(arm(1, 10), 1, shape))).toBe('invalid_input');
    }
    expect(codeOf(ask(arm(0, 0), 1, 1))).toBe('empty_arm');
    expect(codeOf(ask(arm(11, 10), 1, 1))).toBe('invalid_input');
    expect(codeOf(ask(arm(1, 1e11), 1, 1))).toBe('invalid_input');
    expect(codeOf(ask(arm(1, 10), 1, 1, 1))).toBe('invalid_input');
  });
});

describe('several rates', () => {
  it('with two arms are two rates', () => {
    fc.assert(
      fc.property(arms, arms, priors, (one, two, prior) => {
        const pair = must(betaBinomial(one, two, prior, 0.9));
        const several = must(betaBinomialMulti([one, two], prior)).arms;
        expect(several[1]!.probabilityBest).toBeCloseTo(pair.treatmentBetter.probability, 11);
        expect(several[0]!.loss).toBeCloseTo(pair.loss.chooseControl, 11);
        expect(several[1]!.loss).toBeCloseTo(pair.loss.chooseTreatment, 11);
      }),
      { numRuns: 60 },
    );
  });

  it('sum to one, follow their arms when these move, and keep the same loss differences as means', () => {
    fc.assert(
      fc.property(fc.array(arms, { minLength: 2, maxLength: 6 }), priors, (counts, prior) => {
        const found = must(betaBinomialMulti(counts, prior)).arms;
        expect(found.reduce((sum, { probabilityBest }) => sum + probabilityBest, 0)).toBeCloseTo(1, 12);
        const turned = must(betaBinomialMulti(counts.toReversed(), prior)).arms.toReversed();
        found.forEach((own, k) => {
          expect(turned[k]!.probabilityBest).toBeCloseTo(own.probabilityBest, 10);
          expect(own.loss - found[0]!.loss).toBeCloseTo(found[0]!.mean - own.mean, 11);
          expect(own.loss).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('give a narrow leader and a wide runner-up their due', () => {
    const wide = must(betaBinomialMulti([arm(1e7, 1e8), arm(1, 10), arm(9e6, 1e8)], { a: 1, b: 1 })).arms;
    const pair = must(betaBinomial(arm(1e7, 1e8), arm(1, 10), { a: 1, b: 1 }, 0.95));
    expect(wide[1]!.probabilityBest).toBeCloseTo(pair.treatmentBetter.probability, 10);
    expect(wide[2]!.probabilityBest).toBeCloseTo(0, 12);
    expect(wide[1]!.loss).toBeCloseTo(pair.loss.chooseTreatment, 12);
    expect(wide[0]!.loss).toBeCloseTo(pair.loss.chooseControl, 12);
  });

  it('take 200 arms alike', () => {
    const many = must(
      betaBinomialMulti(
        Array.from({ length: 200 }, () => arm(30, 1000)),
        { a: 1, b: 1 },
      ),
    ).arms;
    expect(many[77]!.probabilityBest).toBeCloseTo(1 / 200, 12);
    expect(codeOf(betaBinomialMulti([arm(1, 2)], { a: 1, b: 1 }))).toBe('too_few');
    expect(codeOf(betaBinomialMulti([arm(1, 2), arm(0, 0)], { a: 1, b: 1 }))).toBe('empty_arm');
  });
});

describe('uplift of a rate', () => {
  it('has the share of the posterior beyond its limits that its level says', () => {
    const { uplift } = must(upliftPosterior(arm(100, 1000), arm(120, 1000), { a: 1, b: 1 }, 0.9));
    // scipy: quad over the density of control, then brentq.
    expect(uplift.value).toBeCloseTo(0.19863424042250544, 9);
    expect(uplift.interval.lower).toBeCloseTo(-0.027265216177594254, 9);
    expect(uplift.interval.upper).toBeCloseTo(0.47945805791723783, 9);
  });

  it('holds zero exactly when neither side is rarer than the tail', () => {
    fc.assert(
      fc.property(arms, arms, fc.constantFrom(0.5, 0.8, 0.95), (one, two, level) => {
        const prior = { a: 1, b: 1 };
        const { lower, upper } = must(upliftPosterior(one, two, prior, level)).uplift.interval;
        const { treatmentBetter, controlBetter } = must(betaBinomial(one, two, prior, level));
        const tail = (1 - level) / 2;
        const rarer = Math.min(treatmentBetter.probability, controlBetter.probability);
        fc.pre(Math.abs(rarer / tail - 1) > 1e-6);
        expect(lower > 0 || upper < 0).toBe(rarer < tail);
      }),
      { numRuns: 40 },
    );
  });

  it('is as wide as the normal approximation says where there are many recipients', () => {
    const { interval } = must(upliftPosterior(arm(1e6, 1e8), arm(1.01e6, 1e8), { a: 1, b: 1 }, 0.95)).uplift;
    const se = Math.sqrt((1 / 1e6 + 1 / 1.01e6) * 0.99) * 1.01;
    expect((interval.upper - interval.lower) / (2 * 1.959964 * se)).toBeCloseTo(1, 3);
  });

  it('ends where a narrow arm meets a wide one, and has no end where control is unknown', () => {
    const narrow = must(upliftPosterior(arm(1930, 2794), arm(3, 9), { a: 0.5, b: 0.5 }, 0.95)).uplift;
    expect(narrow.value).toBeCloseTo(-0.50824314543, 9);
    const unknown = must(upliftPosterior(arm(0, 100), arm(5, 100), { a: 0.001, b: 2 }, 0.95));
    expect(unknown.uplift.interval.upper).toBe(Infinity);
    expect(unknown.warnings.map(({ code }) => code)).toEqual(['unbounded_interval']);
  });
});

describe('normal posterior', () => {
  it('weighs prior and data by their precision', () => {
    const found = must(normalPosterior({ mean: 0, sd: 0.05 }, { value: 0.03, se: 0.02 }, 0.95));
    expect(found.effect.value).toBeCloseTo(0.02586206896551724, 15);
    expect(found.effect.se).toBeCloseTo(0.018569533817705187, 15);
    expect(found.controlBetter.log).toBeCloseTo(-2.502830446614725, 13);
    expect(found.loss.chooseTreatment).toBeCloseTo(0.0006919089752306611, 15);
    expect(found.priorWeight).toBeCloseTo(4 / 29, 14);
    expect(
      must(normalPosterior({ mean: 0, sd: 0.01 }, { value: 0.03, se: 0.02 }, 0.95)).warnings,
    ).toHaveLength(1);
  });

  it('is the same when prior and estimate change places, and mirrored when both change sign', () => {
    const size = fc.double({ min: -5, max: 5, noNaN: true });
    const spread = fc.double({ min: 0.001, max: 100, noNaN: true });
    fc.assert(
      fc.property(size, spread, size, spread, (mean, sd, value, se) => {
        const plain = must(normalPosterior({ mean, sd }, { value, se }, 0.9));
        const turned = must(normalPosterior({ mean: value, sd: se }, { value: mean, se: sd }, 0.9));
        expect(turned.effect.value).toBeCloseTo(plain.effect.value, 12);
        expect(turned.effect.se).toBeCloseTo(plain.effect.se, 12);
        const mirrored = must(normalPosterior({ mean: -mean, sd }, { value: -value, se }, 0.9));
        expect(mirrored.loss.chooseControl).toBe(plain.loss.chooseTreatment);
        expect(mirrored.treatmentBetter.log).toBe(plain.controlBetter.log);
      }),
    );
  });

  it('keeps the digits of a loss that is next to nothing', () => {
    // mpmath, 60 digits.
    expect(unitNormalLoss(2.9) / 5.416738486621438e-4).toBeCloseTo(1, 13);
    expect(unitNormalLoss(17.3) / 1.350568733153059e-68).toBeCloseTo(1, 13);
    expect(unitNormalLoss(30) / 1.6319567340914e-199).toBeCloseTo(1, 13);
    expect(unitNormalLoss(-4) - unitNormalLoss(4)).toBeCloseTo(4, 14);
    expect(unitNormalLoss(1e9)).toBe(0);
  });

  it('refuses spreads and levels that cannot be', () => {
    const ask = (sd: number, se: number, value = 0, level = 0.9) =>
      codeOf(normalPosterior({ mean: 0, sd }, { value, se }, level));
    expect(ask(0, 1)).toBe('invalid_input');
    expect(ask(1, 0)).toBe('invalid_input');
    expect(ask(1, NaN)).toBe('invalid_input');
    expect(ask(1, 1, Infinity)).toBe('invalid_input');
    expect(ask(1, 1, 0, 0)).toBe('invalid_input');
    expect(ask(1e300, 1e-300)).toBe('not refused');
  });
});

describe('priors', () => {
  it('centre on the rate before, as strong as a few recipients', () => {
    expect(must(betaPriorFromRate(arm(300, 10000), 50))).toEqual({ a: 1.5, b: 48.5 });
    expect(codeOf(betaPriorFromRate(arm(300, 10000), 101))).toBe('invalid_input');
    expect(codeOf(betaPriorFromRate(arm(300, 10000), 1))).toBe('invalid_input');
    expect(codeOf(betaPriorFromRate(arm(0, 10000), 50))).toBe('no_variation');
    expect(codeOf(betaPriorFromRate(arm(10, 10), 50))).toBe('no_variation');
    expect(codeOf(betaPriorFromRate(arm(0, 0), 50))).toBe('empty_arm');
  });

  it('learn the spread of true effects from past tests', () => {
    const tests = Array.from({ length: 40 }, (_, i) => ({ value: i % 2 ? 0.05 : -0.03, se: 0.001 }));
    const prior = must(priorFromTests(tests));
    expect(prior.mean).toBeCloseTo(0.01, 12);
    // Σ(x - mean)² / (n - 1) = τ² + se² for equal standard errors.
    expect(prior.sd).toBeCloseTo(Math.sqrt((0.04 ** 2 * 40) / 39 - 1e-6), 12);
    expect(codeOf(priorFromTests(tests.slice(0, 19)))).toBe('too_few');
    expect(codeOf(priorFromTests(tests.map((test) => ({ ...test, se: 1 }))))).toBe('no_variation');
    expect(codeOf(priorFromTests(tests.map((test) => ({ ...test, se: 0 }))))).toBe('invalid_input');
  });
});
