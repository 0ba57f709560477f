import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cautionsAbout, isCarriedByFew } from '../../src/evaluation/off-policy/carried.js';
import type { PolicyLog, PolicyView } from '../../src/evaluation/off-policy/policy-log.js';
import {
  comparePolicies,
  policyValue,
  type PolicyOptions,
  type PolicyValue,
} from '../../src/evaluation/off-policy/policy-value.js';
import { seededRandom } from '../../src/evaluation/random.js';
import type { OrRefusal } from '../../src/evaluation/refusal.js';
import { sharedRows } from '../support/shared-data.js';

const options: PolicyOptions = { estimator: 'ips', leastEffective: 2, level: 0.95 };
const logOf = (rewards: readonly number[], probabilities: readonly number[]): PolicyLog => ({
  rewards: Float64Array.from(rewards),
  probabilities: Float64Array.from(probabilities),
});
const viewOf = (chosen: readonly number[], more: Partial<PolicyView> = {}): PolicyView => ({
  chosen: Float64Array.from(chosen),
  ...more,
});

function known<T extends object>(of: OrRefusal<T>): T {
  if ('refused' in of) throw new Error(`${of.code}: ${of.reason}`);
  return of;
}

/** A world of two actions and one number: probabilities are known, rewards depend on both. */
function world(rows: number, seed: string) {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: rows }, () => {
    const x = random.next();
    const p = 0.2 + 0.6 * x;
    const action = random.next() < p ? 1 : 0;
    const mean = 1 + x + (action === 1 ? 2 * x - 0.5 : 0);
    return { x, action, probability: action === 1 ? p : 1 - p, reward: mean + random.normal() };
  });
  const q = (x: number, action: number): number => 1 + x + (action === 1 ? 2 * x - 0.5 : 0);
  const log = logOf(drawn.map((r) => r.reward), drawn.map((r) => r.probability)); // prettier-ignore
  const policyOf = (x: number): number => (x > 0.25 ? 1 : 0);
  const view = (model: (x: number, action: number) => number): PolicyView =>
    viewOf(drawn.map((r) => (r.action === policyOf(r.x) ? 1 : 0)), {
      predicted: {
        logged: Float64Array.from(drawn, (r) => model(r.x, r.action)),
        policy: Float64Array.from(drawn, (r) => model(r.x, policyOf(r.x))),
      },
    }); // prettier-ignore
  // E[1 + x] + E[(2x - 0.5) 1{x > 0.25}]
  return { log, view, q, truth: 1.5 + (1 - 1 / 16) - 0.5 * 0.75 };
}

describe('the value of a policy', () => {
  it('is what the formulas say, by hand', () => {
    // Weights 2, 0, 4, 1; rewards 1, 5, 2, 3.
    const log = logOf([1, 5, 2, 3], [0.5, 0.5, 0.25, 1]);
    const view = viewOf([1, 0, 1, 1]);
    const ips = known(policyValue(log, view, options));
    expect(ips.value).toBe(13 / 4);
    expect(ips.se).toBeCloseTo(Math.sqrt(((2 - 3.25) ** 2 + 3.25 ** 2 + (8 - 3.25) ** 2 + 0.25 ** 2) / 3 / 4), 12); // prettier-ignore
    expect(ips.weights).toMatchObject({
      matched: 3,
      effective: 49 / 21,
      mean: 7 / 4,
      largest: 4,
      clipped: 0,
    });
    expect(known(policyValue(log, view, { ...options, estimator: 'snips' })).value).toBeCloseTo(13 / 7, 12);
    const clipped = known(policyValue(log, view, { ...options, clip: 2 }));
    expect(clipped.value).toBe(9 / 4);
    expect(clipped.weights).toMatchObject({ clippedAt: 2, clipped: 1, largest: 2 });
  });

  it.each(['ips', 'snips', 'dr'] as const)('covers the truth 95 times in 100 by %s', (estimator) => {
    let hits = 0;
    for (let i = 0; i < 400; i++) {
      const { log, view, q, truth } = world(300, `w${i}`);
      const { interval } = known(policyValue(log, view(q), { ...options, estimator }));
      if (interval[0] <= truth && truth <= interval[1]) hits += 1;
    }
    expect(hits / 400).toBeGreaterThan(0.915);
    expect(hits / 400).toBeLessThan(0.985);
  });

  it.each(['ips', 'snips', 'dr'] as const)(
    'misses on either side as rarely as it should where one in fifty brings anything, by %s',
    (estimator) => {
      const [runs, rate] = [1_000, 0.02];
      let [tooHigh, tooLow] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const random = seededRandom(`rare ${run}`);
        const done = Array.from({ length: 1_000 }, () => (random.next() < 0.5 ? 1 : 0));
        const flat = Float64Array.from(done, () => rate);
        const log = logOf(
          done.map(() => (random.next() < rate ? 1 : 0)),
          done.map(() => 0.5),
        );
        const view = viewOf(done, { predicted: { logged: flat, policy: flat } });
        const { interval } = known(policyValue(log, view, { ...options, estimator }));
        if (interval[0] > rate) tooHigh += 1;
        if (interval[1] < rate) tooLow += 1;
      }
      // A normal interval lies too low in 8 % and too high in 0.3 %.
      expect(tooHigh / runs).toBeGreaterThan(0.008);
      expect(tooHigh / runs).toBeLessThan(0.045);
      expect(tooLow / runs).toBeLessThan(0.045);
    },
  );

  it('has the interval of Hall, by hand', () => {
    const log = logOf([1, 0, 0, 0, 0, 0, 0, 3], [1, 1, 1, 1, 1, 1, 1, 1]);
    const { value, se, interval } = known(
      policyValue(log, viewOf([1, 1, 1, 1, 1, 1, 1, 1]), { ...options, level: 0.9 }),
    );
    // m3 / m2^1.5 / √8 of eight values with mean 1/2; g is inverted by bisection.
    const parts = [1, 0, 0, 0, 0, 0, 0, 3].map((x) => x - 0.5);
    const [m2, m3] = [2, 3].map((k) => parts.reduce((sum, x) => sum + x ** k, 0) / 8) as [number, number];
    const kappa = m3 / m2 ** 1.5 / Math.sqrt(8);
    const g = (t: number) => t + (kappa * t * t) / 3 + (kappa * kappa * t ** 3) / 27 + kappa / 6;
    const inverse = (x: number): number => {
      let [low, high] = [-50, 50];
      for (let i = 0; i < 80; i++) if (g((low + high) / 2) < x) low = (low + high) / 2; else high = (low + high) / 2; // prettier-ignore
      return low;
    };
    expect([value, se]).toEqual([0.5, Math.sqrt((0.25 * 7 + 6.25) / 7 / 8)]);
    expect(interval[0]).toBeCloseTo(0.5 - se * inverse(1.6448536269514722), 9);
    expect(interval[1]).toBeCloseTo(0.5 - se * inverse(-1.6448536269514722), 9);
  });

  it('is right by the doubly robust estimate although the model of rewards is wrong, and surer where it is right', () => {
    const { log, view, q, truth } = world(60_000, 'big');
    const dr = { ...options, estimator: 'dr' } as const;
    const wrong = known(policyValue(log, view(() => 3), dr)); // prettier-ignore
    const right = known(policyValue(log, view(q), dr));
    expect(Math.abs(wrong.value - truth)).toBeLessThan(4 * wrong.se);
    expect(right.se).toBeLessThan(known(policyValue(log, view(q), options)).se);
    expect(right.se).toBeLessThan(wrong.se);
  });

  it('is, self-normalised, moved by as much as all rewards are', () => {
    const row = fc.record({ p: fc.double({ min: 0.1, max: 1, noNaN: true }), hit: fc.boolean(), r: fc.integer({ min: -5, max: 5 }) }); // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: -9, max: 9 }),
        (rows, by) => {
          const value = (shift: number) =>
          policyValue(logOf(rows.map((r) => r.r + shift), rows.map((r) => r.p)), viewOf(rows.map((r) => (r.hit ? 1 : 0))), { ...options, estimator: 'snips' }); // prettier-ignore
          const [before, after] = [value(0), value(by)];
          if ('refused' in before || 'refused' in after)
            expect(after).toMatchObject({ code: 'refused' in before ? before.code : '?' }); // prettier-ignore
          else {
            expect(after.value).toBeCloseTo(before.value + by, 9);
            expect(after.se).toBeCloseTo(before.se, 9);
          }
        },
      ),
    );
  });

  it('of the very policy that was logged is the mean reward', () => {
    const { log } = world(500, 'same');
    const same = known(policyValue(log, viewOf([...log.probabilities]), options));
    expect(same.value).toBeCloseTo(log.rewards.reduce((sum, one) => sum + one, 0) / 500, 12);
    expect(same.weights.effective).toBeCloseTo(500, 9);
  });

  it('is refused where a few huge weights carry it, as a learned policy logs them', () => {
    // The shape of a Thompson log: most actions nearly certain, a few clicked ones next to impossible.
    const rows = 10_000;
    const probabilities = Array.from({ length: rows }, (_, i) => (i < 3 ? 1 / (30_000 * (i + 1)) : 0.6));
    const rewards = Array.from({ length: rows }, (_, i) => (i % 200 === 0 ? 1 : 0));
    const uniform = viewOf(rewards.map(() => 1 / 34));
    const answer = policyValue(logOf(rewards, probabilities), uniform, { ...options, leastEffective: 100 });
    expect(answer).toMatchObject({ refused: true, code: 'few_effective' });
    expect('reason' in answer ? answer.reason : '').toMatch(/as much as 3\.\d decisions/);
  });

  it.each<[string, readonly number[], readonly number[], readonly number[], Partial<PolicyOptions>, string]>([
    ['no decisions', [], [], [], {}, 'too_few'],
    ['one decision', [1], [0.5], [1], {}, 'too_few'],
    ['a reward that is no number', [1, NaN], [0.5, 0.5], [1, 1], {}, 'invalid_input'],
    ['a probability of zero', [1, 0], [0, 0.5], [1, 1], {}, 'invalid_input'],
    ['a probability above 1', [1, 0], [1.5, 0.5], [1, 1], {}, 'invalid_input'],
    ['a policy that is none', [1, 0], [0.5, 0.5], [1, -1], {}, 'invalid_input'],
    ['lists of different lengths', [1, 0], [0.5, 0.5], [1], {}, 'invalid_input'],
    ['a policy that never does what was done', [1, 0], [0.5, 0.5], [0, 0], {}, 'no_support'],
    ['rewards all alike', [1, 1, 1], [0.5, 0.5, 0.5], [1, 1, 0], {}, 'no_variation'],
    ['numbers that are too large', [1e308, -1e308, 3], [1e-9, 1e-9, 0.5], [1, 1, 1], {}, 'invalid_input'],
    ['a level that is none', [1, 0], [0.5, 0.5], [1, 1], { level: 1 }, 'invalid_input'],
    ['no floor', [1, 0], [0.5, 0.5], [1, 1], { leastEffective: 0 }, 'invalid_input'],
    [
      'a doubly robust estimate without a model',
      [1, 0],
      [0.5, 0.5],
      [1, 1],
      { estimator: 'dr' },
      'invalid_input',
    ],
  ])('is refused for %s', (_, rewards, probabilities, chosen, more, code) => {
    const answer = policyValue(logOf(rewards, probabilities), viewOf(chosen), { ...options, ...more });
    expect(answer).toMatchObject({ refused: true, code });
  });

  it('is refused where the policy would do what had no chance', () => {
    const log = logOf([1, 0, 1], [0.5, 0.5, 1]);
    expect(policyValue(log, viewOf([1, 1, 0], { unsupported: 1 }), options)).toMatchObject({
      code: 'no_support',
    });
  });
});

describe('two policies on one log', () => {
  it('differ by nothing where they are the same', () => {
    const { log, view, q } = world(200, 'pair');
    const { difference } = known(comparePolicies(log, view(q), view(q), options));
    expect(difference).toMatchObject({ value: 0, se: 0, z: 0, differing: 0 });
  });

  it('have an interval that reaches as far as the normal one on either side, and as the corrected one', () => {
    const { log, view, q } = world(300, 'wide');
    const flat = viewOf(Array.from(log.rewards, () => 0.5));
    const { difference, policy } = known(comparePolicies(log, view(q), flat, options));
    const [lower, upper] = difference.interval;
    const reach = 1.959963984540054 * difference.se;
    expect(lower).toBeLessThanOrEqual(difference.value - reach);
    expect(upper).toBeGreaterThanOrEqual(difference.value + reach);
    expect(upper - lower).toBeGreaterThan(2 * reach + 1e-6);
    // Of a value the corrected one alone.
    const [left, right] = policy.interval.map((end) => Math.abs(end - policy.value) / policy.se) as [number, number]; // prettier-ignore
    expect(Math.min(left, right)).toBeLessThan(1.9599);
  });

  it('are refused where nothing came of the decisions in which they differ', () => {
    const log = logOf([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]);
    const answer = comparePolicies(log, viewOf([1, 1, 0, 1]), viewOf([1, 0, 1, 1]), options);
    expect(answer).toMatchObject({ refused: true, code: 'no_variation' });
  });

  it('say how many decisions carry them, and which intervals not to take at their word', () => {
    // Weighed rewards 2, 4 and 6 of the one; 2 and 4 of the other; they differ in the 6.
    const log = logOf([1, 2, 3, 0], [0.5, 0.5, 0.5, 0.5]);
    const found = known(comparePolicies(log, viewOf([1, 1, 1, 0]), viewOf([1, 1, 0, 1]), options));
    expect(found.policy.weights.carried).toBeCloseTo(12 ** 2 / (4 + 16 + 36), 12);
    expect(found.against.weights.carried).toBeCloseTo(6 ** 2 / 20, 12);
    expect(found.difference.carried).toBe(1);
    const values = [['rules', found.policy], ['all', found.against]] as const; // prettier-ignore
    expect(cautionsAbout(values, found.difference)).toEqual([
      expect.stringMatching(/^As much as 2\.6 decisions of equal reward carry the value of rules:/),
      expect.stringMatching(/^As much as 1\.8 .* of all:/),
      expect.stringMatching(/^As much as 1\.0 .* the difference:/),
    ]);
    const enough = { se: 1, weights: { carried: 20 } };
    expect(cautionsAbout([['rules', enough]], { carried: 0, se: 0 })).toEqual([]);
    // By predicted rewards alone, where nothing came of what only one of two policies does.
    expect(cautionsAbout([['rules', enough]], { carried: 0, se: 1 })).toEqual([
      expect.stringMatching(/^No decision that brought anything carries the difference:/),
    ]);
  });

  it('of a few decisions have an interval that shows nothing, though it may be without 0', () => {
    const rewards = Array.from({ length: 400 }, (_, i) => (i < 5 || i >= 380 ? 1 : 0));
    const log = logOf(rewards, rewards.map(() => 0.5)); // prettier-ignore
    // Both do what was done at the last 200, where most came of it; only one of them at each of the others.
    const policy = viewOf(rewards.map((_, i) => (i < 100 || i >= 200 ? 1 : 0)));
    const against = viewOf(rewards.map((_, i) => (i >= 100 ? 1 : 0)));
    const { difference } = known(comparePolicies(log, policy, against, options));
    expect([difference.carried, difference.interval[0] > 0]).toEqual([5, true]);
    expect(isCarriedByFew(difference)).toBe(true);
    expect(isCarriedByFew({ carried: 20, se: 1 })).toBe(false);
    expect(isCarriedByFew({ carried: 0, se: 0 })).toBe(false);
  });

  it('are refused when either is', () => {
    const log = logOf([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]);
    const [some, none] = [viewOf([1, 1, 1, 0]), viewOf([0, 0, 0, 0])];
    expect(comparePolicies(log, some, none, options)).toMatchObject({ code: 'no_support' });
    expect(comparePolicies(log, none, some, options)).toMatchObject({ code: 'no_support' });
  });
});

const rows = sharedRows('hillstrom.csv.gz');

describe.skipIf(!rows)('Hillstrom as the log of a policy', () => {
  const segment = (rows ?? []).map((row) => row.segment);
  const third = segment.map(() => 1 / 3);
  const mens = viewOf(segment.map((one) => (one === 'Mens E-Mail' ? 1 : 0)));
  const rules = viewOf(
    (rows ?? []).map(({ womens, mens: m, segment: one }) =>
      one === (womens === '1' && m === '0' ? 'Womens E-Mail' : 'Mens E-Mail') ? 1 : 0,
    ),
  );
  const rewards = (name: string): PolicyLog => logOf((rows ?? []).map((row) => Number(row[name])), third); // prettier-ignore
  const six = ({ value, se }: Pick<PolicyValue, 'value' | 'se'>) => [value.toFixed(6), se.toFixed(4)];

  it('gives the published values, which are self-normalised', () => {
    const snips = { ...options, estimator: 'snips', leastEffective: 100 } as const;
    const { policy, against } = known(comparePolicies(rewards('visit'), rules, mens, snips));
    expect(six(against)).toEqual(['0.182757', '0.0026']);
    expect(six(policy)).toEqual(['0.184233', '0.0027']);
    expect(against.weights.effective).toBeCloseTo(21_307, 6);
  });

  it('gives the published differences, which are by inverse probabilities', () => {
    const visits = known(comparePolicies(rewards('visit'), rules, mens, options)).difference;
    expect(six(visits)).toEqual(['0.002156', '0.0027']);
    expect(visits.se.toFixed(6)).toBe('0.002664');
    expect(visits.z.toFixed(2)).toBe('0.81');
    const spend = known(comparePolicies(rewards('spend'), rules, mens, options)).difference;
    expect([spend.value.toFixed(4), spend.se.toFixed(4)]).toEqual(['0.0113', '0.0941']);
  });
});

it('refuses a log that left nothing to chance, unless the policy does the very same', () => {
  const rewards = Array.from({ length: 400 }, (_, i) => i % 2);
  const log = logOf(
    rewards,
    rewards.map(() => 1),
  );
  const options = { estimator: 'snips', leastEffective: 100, level: 0.95 } as const;
  const half = Float64Array.from(rewards, (_, i) => (i < 200 ? 1 : 0));
  expect(policyValue(log, { chosen: half }, options)).toMatchObject({ refused: true, code: 'no_support' });
  expect(policyValue(log, { chosen: half.map(() => 1) }, options)).toMatchObject({ value: 0.5 });
});
