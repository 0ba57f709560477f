import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileInterval, resample, resampleCounts } from '../../src/evaluation/resample.js';
import type { Figure } from '../../src/evaluation/figure.js';
import { seededRandom } from '../../src/evaluation/random.js';
import { upliftAreas } from '../../src/evaluation/uplift/areas.js';
import { curveOf } from '../../src/evaluation/uplift/curves.js';
import {
  measureRankings,
  type MeasuredRankings,
  usualResampling,
} from '../../src/evaluation/uplift/measure-rankings.js';
import { perfectArea } from '../../src/evaluation/uplift/perfect-area.js';
import { rankingOf } from '../../src/evaluation/uplift/ranking.js';
import type { TrialOutcomes } from '../../src/evaluation/uplift/trial-outcomes.js';
import { upliftAt } from '../../src/evaluation/uplift/uplift-at.js';
import { upliftByTenth } from '../../src/evaluation/uplift/uplift-by-tenth.js';

const trialOf = (treated: readonly number[], outcomes: readonly number[]): TrialOutcomes => ({
  treated: Uint8Array.from(treated),
  outcomes: Float64Array.from(outcomes),
});
const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);

/** Forty recipients with nine different scores, and what scikit-uplift's formulas in numpy give for them. */
const outcomes = [0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]; // prettier-ignore
const treated = [0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]; // prettier-ignore
const scores = [4, 0, 6, 2, 6, 8, 2, 4, 1, 6, 1, 5, 1, 6, 8, 6, 5, 7, 5, 4, 6, 8, 1, 5, 5, 8, 3, 7, 7, 4, 7, 5, 6, 2, 0, 5, 3, 0, 5, 7]; // prettier-ignore
const forty = trialOf(treated, outcomes);

const anyTrial = fc
  .array(fc.record({ treated: fc.integer({ min: 0, max: 1 }), outcome: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: -3, max: 3 }) }), { minLength: 8, maxLength: 60 })
  .filter((rows) => rows.some((r) => r.treated === 1) && rows.some((r) => r.treated === 0))
  .filter((rows) => rows.some((r) => r.outcome === 1) && rows.some((r) => r.outcome === 0)); // prettier-ignore

function valueOf(figure: Figure | undefined): number {
  if (!figure || 'refused' in figure) throw new Error(JSON.stringify(figure));
  return figure.value;
}

describe('uplift curves', () => {
  it('have a point at every distinct score', () => {
    const ranking = rankingOf(floats(scores), forty);
    const qini = curveOf('qini', ranking);
    expect(qini.map((point) => point.recipients)).toEqual([0, 4, 9, 16, 24, 28, 30, 33, 37, 40]);
    const heights = [0, 1, 2, -4 / 3, 0, 0, -1, -1, -4 / 7, -27 / 23];
    qini.forEach((point, i) => expect(point.height).toBeCloseTo(heights[i]!, 12));
    const uplift = curveOf('uplift', ranking).map((point) => point.height);
    expect(uplift.slice(0, 4).map((one) => one.toFixed(6))).toEqual(['0.000000', '2.000000', '3.000000', '-2.133333']); // prettier-ignore
    expect(uplift.at(-1)).toBeCloseTo(-2.762148337595909, 12);
  });

  it('have the normalised areas of scikit-uplift', () => {
    const areas = upliftAreas(rankingOf(floats(scores), forty), true);
    expect(areas.qini).toBeCloseTo(0.12847078325735597, 12);
    expect(areas.upliftAuc).toBeCloseTo(0.09879196997912086, 12);
  });

  it('take a perfect ranking without harm where it is asked for', () => {
    const counts = { treatedYes: 6, treatedNo: 4, controlYes: 2, controlNo: 8 };
    // It climbs by one to 4, its end, and stays: 4²/2 + 16 × 4.
    expect(perfectArea('qini', counts, false)).toBe(72);
    expect(perfectArea('qini', counts)).toBe(6 * 6 / 2 + 12 * 6 + (2 * (6 + 4)) / 2); // prettier-ignore
  });

  it('are 1 for the perfect ranking', () => {
    fc.assert(
      fc.property(anyTrial, (rows) => {
        const trial = trialOf(rows.map((r) => r.treated), rows.map((r) => r.outcome)); // prettier-ignore
        const knowing = floats(rows.map((r) => r.outcome * (2 * r.treated - 1)));
        const best = upliftAreas(rankingOf(knowing, trial), true).qini;
        if (!Number.isNaN(best)) expect(best).toBeCloseTo(1, 9);
      }),
    );
  });

  it('do not change with the order of the rows or a monotone change of the scores', () => {
    fc.assert(
      fc.property(anyTrial, fc.string(), (rows, seed) => {
        const areas = (list: typeof rows, scoreOf: (score: number) => number) => {
          const trial = trialOf(list.map((r) => r.treated), list.map((r) => r.outcome)); // prettier-ignore
          return upliftAreas(rankingOf(floats(list.map((r) => scoreOf(r.score))), trial), true);
        };
        const random = seededRandom(seed);
        const mixed = rows.map((row) => ({ row, key: random.next() })).sort((a, b) => a.key - b.key);
        const before = areas(rows, (score) => score);
        const after = areas(mixed.map(({ row }) => row), (score) => Math.exp(score) - 5); // prettier-ignore
        expect(after.qiniArea).toBeCloseTo(before.qiniArea, 9);
        expect(after.upliftAuc).toEqual(Number.isNaN(before.upliftAuc) ? NaN : expect.closeTo(before.upliftAuc, 9)); // prettier-ignore
      }),
    );
  });

  it('are 0 where all scores are alike', () => {
    const areas = upliftAreas(rankingOf(new Float64Array(40), forty), true);
    expect(areas).toEqual({ qini: 0, upliftAuc: 0, qiniArea: 0 });
  });

  it('count a recipient drawn twice as two recipients', () => {
    fc.assert(
      fc.property(anyTrial, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (rows, stream) => {
        const counts = Int32Array.from(rows, () => stream.next().value as number);
        const copies = rows.flatMap((row, i) => Array.from({ length: counts[i]! }, () => row));
        const of = (list: typeof rows) => trialOf(list.map((r) => r.treated), list.map((r) => r.outcome)); // prettier-ignore
        const ranking = (list: typeof rows) => rankingOf(floats(list.map((r) => r.score)), of(list));
        const placed = counts.map((_, place) => counts[ranking(rows).order[place]!]!);
        const weighted = upliftAreas(ranking(rows), true, { counts: placed });
        const copied = upliftAreas(ranking(copies), true);
        expect(weighted.qiniArea).toEqual(Number.isNaN(copied.qiniArea) ? NaN : expect.closeTo(copied.qiniArea, 9)); // prettier-ignore
        for (const rule of ['overall', 'by_group'] as const) {
          const mine = upliftAt(ranking(rows), 0.4, rule, placed);
          const theirs = upliftAt(ranking(copies), 0.4, rule);
          expect(mine).toEqual(Number.isNaN(theirs) ? NaN : expect.closeTo(theirs, 9));
        }
      }),
    );
  });
});

describe('uplift on top', () => {
  const trial = trialOf([1, 0, 1, 0, 1, 0, 1, 0, 1, 0], [1, 0, 1, 1, 0, 0, 1, 1, 0, 1]);

  it('takes the first of all, or the first of each arm, in the order of the rows where scores are the same', () => {
    const ranking = rankingOf(floats([5, 4, 4, 4, 4, 3, 2, 1, 0, 0]), trial);
    // The first three: treated 1 and 1, control 0.
    expect(upliftAt(ranking, 0.3, 'overall')).toBe(1);
    // Of each arm the first two: treated 1 and 1, control 0 and 1.
    expect(upliftAt(ranking, 0.4, 'by_group')).toBe(0.5);
  });

  it('is the effect on everybody where everybody is on top', () => {
    const all = 3 / 5 - 3 / 5;
    expect(upliftAt(rankingOf(floats(scores.slice(0, 10)), trial), 1, 'overall')).toBeCloseTo(all, 12);
  });
});

describe('measured rankings', () => {
  const options = () => ({
    share: 0.3,
    resampling: usualResampling,
    random: seededRandom('a'),
    pairs: [[0, 1]] as const,
  });
  const measured = (one: ReturnType<typeof measureRankings>): MeasuredRankings => {
    if ('refused' in one) throw new Error(one.reason);
    return one;
  };

  it('give the same intervals for the same seed, around the value', () => {
    const lists = [floats(scores), floats(scores.map((score) => -score))];
    const once = measured(measureRankings(lists, forty, options()));
    expect(measureRankings(lists, forty, options())).toEqual(once);
    const qini = once.rankings[0]!.qini;
    expect(valueOf(qini)).toBeCloseTo(0.12847, 5);
    const [lower, upper] = 'interval' in qini ? qini.interval! : [NaN, NaN];
    expect(lower).toBeLessThan(0.12847);
    expect(upper).toBeGreaterThan(0.12847);
    expect(valueOf(once.differences[0])).toBeCloseTo(0.12847 - valueOf(once.rankings[1]!.qini), 5);
  });

  it('find no difference between a ranking and itself, whatever is drawn', () => {
    const twice = measured(
      measureRankings([floats(scores), floats(scores.map((s) => s * 2))], forty, options()),
    );
    expect(twice.differences[0]).toEqual({ value: 0, interval: [0, 0] });
  });

  it('refuse the normalised areas of amounts, and give the others', () => {
    const amounts = trialOf(treated, outcomes.map((one, i) => one * (i + 0.5))); // prettier-ignore
    const [one] = measured(measureRankings([floats(scores)], amounts, options())).rankings;
    expect(one!.qini).toMatchObject({ refused: true, code: 'not_binary' });
    expect(valueOf(one!.qiniArea)).toBeTypeOf('number');
  });

  it.each([
    ['no rows', [], [], [], 'empty_arm'],
    ['one row', [1], [1], [1], 'empty_arm'],
    ['an empty arm', [1, 1], [0, 1], [1, 2], 'empty_arm'],
    ['an outcome that nobody has', [1, 0], [0, 0], [1, 2], 'no_variation'],
    ['a score that is no number', [1, 0], [0, 1], [1, NaN], 'invalid_input'],
    ['an outcome without end', [1, 0], [0, Infinity], [1, 1], 'invalid_input'],
    ['lists of different lengths', [1, 0], [0, 1], [1], 'invalid_input'],
    ['a third arm', [1, 2], [0, 1], [1, 1], 'invalid_input'],
  ])('refuse %s', (_, arms, what, given, code) => {
    const answer = measureRankings([floats(given)], trialOf(arms, what), options());
    expect(answer).toMatchObject({ refused: true, code });
  });

  it('refuse the uplift on top where an arm has nobody there', () => {
    const trial = trialOf([1, 1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0, 1]);
    const [one] = measured(measureRankings([floats([7, 6, 5, 4, 3, 2, 1])], trial, options())).rankings;
    expect(one!.upliftAt.overall).toMatchObject({ refused: true, code: 'empty_arm' });
  });
});

describe('uplift by tenth', () => {
  it('adds up to all recipients, with the highest scores first', () => {
    const tenths = upliftByTenth(floats(scores), forty, 0.95);
    if ('refused' in tenths) throw new Error(tenths.reason);
    const total = tenths.reduce((sum, one) => sum + one.treated.recipients + one.control.recipients, 0);
    expect(total).toBe(40);
    expect(tenths[0]!.scores).toEqual([8, 8]);
    expect(tenths.at(-1)!.scores).toEqual([0, 1]);
  });

  it('refuses fewer than ten, and a tenth without an arm', () => {
    expect(upliftByTenth(floats([1, 2]), trialOf([0, 1], [0, 1]), 0.95)).toMatchObject({ code: 'too_few' });
    const trial = trialOf([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const tenths = upliftByTenth(floats(scores.slice(0, 11)), trial, 0.95);
    expect('refused' in tenths ? tenths : tenths[0]!.uplift).toMatchObject({ code: 'empty_arm' });
  });

  it('takes Welch’s interval for amounts', () => {
    const amounts = Array.from({ length: 40 }, (_, i) => (i * 37) % 11);
    const arms = Array.from({ length: 40 }, (_, i) => i % 2);
    const tenths = upliftByTenth(
      floats(Array.from({ length: 40 }, (_, i) => -i)),
      trialOf(arms, amounts),
      0.95,
    );
    if ('refused' in tenths) throw new Error(tenths.reason);
    // Rows 0 to 3: control 0 and 8, treated 4 and 1; the end as scipy has it.
    expect(valueOf(tenths[0]!.uplift)).toBeCloseTo(-1.5, 12);
    const one = tenths[0]!.uplift;
    expect('interval' in one ? one.interval![1] : NaN).toBeCloseTo(31.58857, 5);
  });
});

describe('the bootstrap', () => {
  it('draws as many as there are', () => {
    let draws = 0;
    resampleCounts(25, 40, seededRandom('b'), (counts) => {
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(25);
      draws += 1;
    });
    expect(draws).toBe(40);
  });

  it('draws the same places of the same seed, whether they are told one by one or counted', () => {
    const [places, counts]: number[][][] = [[], []];
    resample(9, 5, seededRandom('d'), (drawn) => places!.push([...drawn]));
    resampleCounts(9, 5, seededRandom('d'), (drawn) => counts!.push([...drawn]));
    const counted = places!.map((drawn) =>
      places![0]!.map((_, i) => drawn.filter((one) => one === i).length),
    );
    expect(counts).toEqual(counted);
    expect(new Set(places!.map(String)).size).toBe(5);
  });

  it('has the standard error of a mean', () => {
    const random = seededRandom('c');
    const values = Array.from({ length: 400 }, () => random.normal());
    const means: number[] = [];
    resampleCounts(400, 2_000, random, (counts) =>
      means.push(counts.reduce((sum, count, i) => sum + count * values[i]!, 0) / 400),
    );
    const [lower, upper] = percentileInterval(means)!;
    expect((upper - lower) / 2 / 1.96).toBeCloseTo(1 / 20, 2);
  });

  it('has no interval where many samples lack the figure', () => {
    const values = floats(Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? NaN : i)));
    expect(percentileInterval(values, 0.95)).toBeUndefined();
  });
});
