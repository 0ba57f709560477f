import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { drawWorld } from '../../../bench/learning/world.js';
import { seededRandom } from '../../../src/evaluation/random.js';
import { boostingEstimator } from '../../../src/strategies/ml/boosting/boosting.js';
import { type Heat, type Race, winnerOf } from '../../../src/strategies/ml/boosting/race.js';
import { raceOfSizes, tooSlowFor } from '../../../src/strategies/ml/boosting/tune.js';
import { binTable } from '../../../src/strategies/ml/trees/bin-table.js';
import { learnable } from '../../conformance/estimator-tables.js';

type Run = Race<Heat>['run'];

/** A race of whose runs a list is kept. */
function raced(contenders: number, rounds: number, heat: Run) {
  const runs: { contender: number; round: number; toBeat: number | undefined }[] = [];
  const run: Run = (contender, round, toBeat) => {
    runs.push({ contender, round, toBeat });
    return heat(contender, round, toBeat);
  };
  return { runs, winner: winnerOf({ contenders, rounds, run }) };
}

const heat = (losses: readonly number[], weights?: readonly number[]): Heat => ({
  losses: Float64Array.from(losses),
  weights: weights && Float64Array.from(weights),
});

describe('a race', () => {
  it('ends after a round in which one is clearly ahead of all, begun by the last contender', () => {
    const { runs, winner } = raced(3, 3, (contender) => heat([0.1, 0.2, 0.3].map((x) => x + contender)));
    expect(winner).toMatchObject({ contender: 0, heats: [{}] });
    expect(runs.map(({ contender }) => contender)).toEqual([2, 1, 0]);
    const toBeat = runs.map((one) => one.toBeat);
    expect(toBeat[0]).toBeUndefined();
    expect(toBeat[1]).toBeCloseTo(2.2, 12);
    expect(toBeat[2]).toBeCloseTo(1.2, 12);
  });

  it('goes on between those that are not apart, whoever is in front first', () => {
    // 0 and 1 differ by as much as their differences do; 2 is far behind.
    const losses = [[1, 3, 1, 3], [2, 2.2, 2, 2.2], [9, 9, 9, 9]]; // prettier-ignore
    const { runs, winner } = raced(3, 3, (contender) => heat(losses[contender]!));
    expect(runs.map(({ contender, round }) => [round, contender])).toEqual([[0, 2], [0, 1], [0, 0], [1, 0], [1, 1], [2, 0], [2, 1]]); // prettier-ignore
    expect(winner.contender).toBe(0);
    expect(winner.heats).toHaveLength(3);
  });

  it('is stricter after the second round, and never after the last', () => {
    // A difference of one standard error of one round.
    const apart = (contender: number) => (contender === 1 ? [1, 1, 1, 1] : [0, 2, 0, 2].map((x) => x + 0.57));
    expect(raced(2, 3, (contender) => heat(apart(contender))).runs).toHaveLength(4);
    expect(raced(2, 2, (contender) => heat(apart(contender))).winner.heats).toHaveLength(2);
    expect(raced(2, 1, (contender) => heat([contender])).winner).toMatchObject({ contender: 0 });
  });

  it('has whoever gives up out for good', () => {
    const { runs, winner } = raced(2, 3, (contender, round) =>
      contender === 0 && round === 0 ? undefined : heat([1, 2]),
    );
    expect(runs.map(({ contender }) => contender)).toEqual([1, 0]);
    expect(winner).toMatchObject({ contender: 1 });
  });

  it('counts rows by their weights', () => {
    const losses = [[5, 1, 1.1], [1, 2, 2.2]]; // prettier-ignore
    expect(raced(2, 1, (contender) => heat(losses[contender]!)).winner.contender).toBe(1);
    expect(raced(2, 1, (contender) => heat(losses[contender]!, [0, 1, 1])).winner.contender).toBe(0);
  });

  it('has no other winner than all rounds of all would give, or that one was clearly behind once', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (seed, contenders, rounds) => {
        const random = seededRandom(seed);
        const heats = Array.from({ length: rounds }, () => Array.from({ length: contenders }, () => heat(Array.from({ length: 8 }, () => random.next()))));
        const { runs, winner } = raced(contenders, rounds, (contender, round) => heats[round]![contender]!);
        const sums = heats[0]!.map((_, i) => heats.reduce((sum, round) => sum + round[i]!.losses.reduce((a, b) => a + b), 0));
        const best = sums.indexOf(Math.min(...sums));
        expect(runs.length).toBeLessThanOrEqual(contenders * rounds);
        expect(winner.heats).toEqual(heats.slice(0, winner.heats.length).map((round) => round[winner.contender]));
        if (runs.length === contenders * rounds) expect(winner.contender).toBe(best);
      }),
    ); // prettier-ignore
  });
});

describe('giving up', () => {
  /** After how many trees it gives up on a log loss that falls so; undefined: never within 1,000. */
  const givenUpAt = (toBeat: number, curve: (trees: number) => number): number | undefined => {
    const tooSlow = tooSlowFor(toBeat);
    for (let trees = 0; trees <= 1_000; trees++) if (tooSlow(curve(trees))) return trees;
    return undefined;
  };

  test('never comes before 50 trees, nor once it is as low as the other', () => {
    expect(givenUpAt(0, () => 1)).toBe(50);
    expect(givenUpAt(1, () => 1)).toBeUndefined();
    expect(givenUpAt(0.5, (trees) => Math.max(0.5, 1 - trees / 100))).toBeUndefined();
  });

  test('comes where the pace of the last 50 trees, kept up for twice as many again, would not do', () => {
    // At t it stands at -.001 t and may come to -.003 t: at 50 to -.15.
    expect(givenUpAt(-0.149, (trees) => -0.001 * Math.min(trees, 149))).toBeUndefined();
    expect(givenUpAt(-0.151, (trees) => -0.001 * trees)).toBe(50);
    // What it gained before counts for nothing: it stops at 100, and is given up when less than 3 of the last 50 trees gained.
    const stopsAt100 = (trees: number): number => -0.001 * Math.min(trees, 100);
    const at = givenUpAt(-0.12, stopsAt100)!;
    expect(at).toBeGreaterThan(140);
    expect(at).toBeLessThan(150);
  });
});

describe('the size that is chosen', () => {
  const world = (seed: string, shift: number) =>
    drawWorld({ name: 'tuning', seed, train: 1_500, test: 0, shift, missing: 0.05, categories: 2 });
  const lessons = [
    { name: 'much to be told', ...world('a', -1.15) },
    { name: 'rare', ...world('b', -3) },
    { name: 'a few columns', ...learnable(2_000, 'race') },
  ];

  test.each(lessons)(
    'is that of an exhaustive search, for less: $name',
    ({ table, labels }) => {
      const parsed = boostingEstimator.parse({});
      if (!parsed.ok) throw new Error('the defaults do not fit');
      const settings = parsed.value as never as { bins: number };
      const lesson = { table, labels, settings: parsed.value as never, seed: 's', binned: binTable(table, settings.bins) }; // prettier-ignore
      const race = raceOfSizes(lesson)!;
      const known = new Map<string, Heat>();
      const { runs, winner } = raced(race.contenders, race.rounds, (contender, round, toBeat) => {
        const one = race.run(contender, round, toBeat);
        if (one) known.set(`${contender} ${round}`, one);
        return one;
      });
      // A heat that was not given up is what it would have been by itself.
      const heatAt = (contender: number, round: number) =>
        known.get(`${contender} ${round}`) ?? race.run(contender, round, undefined)!;
      const sums = Array.from({ length: race.contenders }, (_, contender) => {
        const all = Array.from({ length: race.rounds }, (__, round) => heatAt(contender, round));
        return all.reduce((sum, { losses }) => sum + losses.reduce((x, y) => x + y, 0) / losses.length, 0);
      });
      expect(winner.contender).toBe(sums.indexOf(Math.min(...sums)));
      // Every size has learned something, or nothing: no worse than the share of positives.
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      const byShare = -(share * Math.log(share) + (1 - share) * Math.log(1 - share));
      expect(Math.max(...sums) / race.rounds).toBeLessThan(1.01 * byShare);
      expect(runs.length).toBeLessThan(race.contenders * race.rounds);
    },
    120_000,
  );
});
