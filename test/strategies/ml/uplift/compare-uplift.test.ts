import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { upliftSections } from '../../../../src/cli/uplift-candidates-text.js';
import { compareUplift } from '../../../../src/strategies/ml/uplift/compare-uplift.js';
import { learnerNames } from '../../../../src/strategies/ml/uplift/learners.js';
import { baseEstimators } from '../../../../src/strategies/ml/uplift/base-estimators.js';
import { dealTrial, standingsOf } from '../../../../src/strategies/ml/uplift/trial-folds.js';
import { upliftVerdict } from '../../../../src/strategies/ml/uplift/uplift-verdict.js';
import { upliftKind } from '../../../../src/strategies/ml/kinds/uplift.js';
import type { UpliftCandidate } from '../../../../src/strategies/model-report.js';
import type { LearningLog } from '../../../../src/strategies/strategy.js';
import { seededRandom } from '../../../../src/evaluation/random.js';
import { trialClock, trialLog } from './trial-world.js';

const features = ['count(purchase, 30d)', 'count(view, 30d)', 'trait.plan'];
const written = {
  ...{ kind: 'uplift', experiment: 'spring', metric: 'ordered', treated: 'mail', control: 'none', top: 0.4 },
  model: { features, estimator: 'boosting', settings: { trees: 10 } },
  slots: { subject: 'Something for you' },
  otherwise: { subject: 'Hello' },
};
const log = (size: number): LearningLog => ({
  ...trialLog(size),
  catalogue: { hash: 'sha256:none', items: [] },
});

function compare(more: object = {}, from = log(900), how = { seed: 's', folds: 3 }, tell?: () => void) {
  const parsed = upliftKind.parse({ ...written, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const compared = upliftKind.compare?.(parsed.value, from, trialClock, how, tell);
  if (!compared) throw new Error('the kind compares nothing');
  return compared;
}

function known(compared: ReturnType<typeof compare>) {
  if ('refused' in compared || !compared.uplift) throw new Error(JSON.stringify(compared));
  return compared.uplift;
}

const valueOf = (figure: UpliftCandidate['qini'] | undefined): number =>
  figure && 'value' in figure ? figure.value : NaN;

describe('comparing learners of uplift', () => {
  const steps: string[] = [];
  const shares: number[] = [];
  const tell = (step?: string, share?: number): void => {
    steps.push(step ?? '');
    shares.push(share ?? -1);
  };
  const uplift = known(compare({}, log(900), { seed: 's', folds: 3 }, tell));

  it('has every learner with every estimator beside the best single column, the best first', () => {
    const names = learnerNames.flatMap((name) => [...baseEstimators.keys()].map((one) => `${name} ${one}`));
    expect(uplift.rows.map(({ name, estimator }) => `${name} ${estimator ?? ''}`.trim()).sort()).toEqual(
      [...names, 'best single column'].sort(),
    );
    const qini = uplift.rows.map((row) => valueOf(row.qini));
    expect(qini).toEqual([...qini].sort((a, b) => b - a));
    expect(uplift.rows.find(({ estimator }) => estimator === 'boosting')?.settings).toMatchObject({ trees: 10 }); // prettier-ignore
    expect(uplift.rows.find(({ columns }) => columns)?.columns).toEqual(['count(purchase, 30d), highest first']); // prettier-ignore
  });

  it('finds what is there to be found, and says that the column which holds it does as well', () => {
    const twoModel = uplift.rows.find(({ name, estimator }) => name === 'two-model' && estimator === 'least_squares'); // prettier-ignore
    expect(twoModel?.qini).toMatchObject({ value: expect.any(Number) as number, interval: [expect.any(Number), expect.any(Number)] }); // prettier-ignore
    expect(valueOf(twoModel?.qini)).toBeGreaterThan(0.15);
    // 50 of 100 more orders among the half who bought: less than .5 on top would be no ranking.
    expect(valueOf(twoModel?.upliftAt)).toBeGreaterThan(0.35);
    expect(twoModel?.difference).toMatchObject({ interval: [expect.any(Number), expect.any(Number)] });
    expect(uplift.verdict[0]).toContain('the best single column (count(purchase, 30d), highest first) is');
    expect(uplift.verdict[1]).toBe('None is shown to rank better than a single column.');
  });

  it('leaves out who is held out or open, counts the arms, and tells how far it is', () => {
    const trial = log(900).trials.get('spring')!;
    const closed = trial.rows.filter(({ arm, outcomes }) => arm < 2 && 'ordered' in outcomes);
    const learning = closed.filter(({ fold }) => (fold ?? 0) < 14);
    expect(uplift.heldOut).toBe(closed.length - learning.length);
    expect(uplift.open).toBe(trial.rows.filter(({ arm, outcomes }) => arm < 2 && !('ordered' in outcomes)).length); // prettier-ignore
    expect(uplift.arms).toEqual(
      [['mail', 1], ['none', 0]].map(([arm, place]) => {
        const own = learning.filter((row) => row.arm === place);
        return { arm, recipients: own.length, outcomes: own.filter(({ outcomes }) => outcomes['ordered'] === 1).length };
      }),
    ); // prettier-ignore
    expect(steps).toContain('comparing doubly-robust by forest');
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  it('is the same for the same seed, on folds of its own for another', () => {
    const model = { features: ['count(purchase, 30d)'], estimator: 'least_squares' };
    const again = (seed: string) => known(compare({ model }, log(500), { seed, folds: 2 }));
    expect(again('s')).toEqual(again('s'));
    expect(again('t').foldsHash).not.toBe(again('s').foldsHash);
  }, 60_000);

  it('reads as a table with what it comes to', () => {
    const answer = { of: 'who@1', kind: 'uplift', clock: '2024-05-06', seed: 's', recipients: 900, events: 1, outcomes: [], uplift }; // prettier-ignore
    const text = upliftSections(answer, uplift).flat().join('\n');
    expect(text).toMatch(/treated +mail +\d+ +\d+ +\d+\.\d %/);
    expect(text).toMatch(/two-model +least_squares +0\.\d{4} +-?0\.\d{4} to 0\.\d{4}/);
    expect(text).toMatch(/best single column .* count\(purchase, 30d\), highest first/);
    expect(text).toContain('None is shown to rank better than a single column.');
  });

  it.each([
    [{ experiment: 'autumn' }, 900, 'no_trial'],
    [{ treated: 'post' }, 900, 'no_arm'],
    [{ metric: 'returned' }, 900, 'too_few'],
    [{}, 100, 'too_few'],
  ])('refuses %j of %i recipients by %s', (more, size, code) => {
    expect(compare(more, log(size))).toMatchObject({ refused: true, code });
  });

  it('refuses an outcome that is too rare for all or for the folds of an arm, and names the arm', () => {
    const rare = (left: number): LearningLog => {
      const from = log(900);
      const trial = from.trials.get('spring')!;
      let without = 0;
      const rows = trial.rows.map((row) => {
        if (row.arm !== 0 || row.outcomes['ordered'] !== 1) return row;
        return (without += 1) <= left ? row : { ...row, outcomes: { ordered: 0 } };
      });
      return { ...from, trials: new Map([['spring', { ...trial, rows }]]) };
    };
    const refusal = compare({}, rare(1));
    expect(refusal).toMatchObject({ refused: true, code: 'too_few' });
    expect(refusal).toMatchObject({ reason: expect.stringMatching(/^Of the control arm: /) as string });
  });

  it('lists a learner that cannot learn with its reason', () => {
    const broken = { features: ['count(purchase, 30d)'], estimator: 'boosting', settings: { monotone: { x0: 'increasing' } } }; // prettier-ignore
    const codes = Int32Array.from({ length: 200 }, (_, i) => (i >> 2) % 2);
    const compared = compareUplift(
      {
        table: { rows: 200, columns: [{ name: 'x0', type: 'category', codes, categories: ['a', 'b'] }] },
        treated: Uint8Array.from({ length: 200 }, (_, i) => i % 2),
        labels: Uint8Array.from({ length: 200 }, (_, i) => (i >> 1) % 2),
        treatedShare: 0.5,
      },
      broken,
      { seed: 's', folds: 2 },
    );
    if ('refused' in compared) throw new Error(compared.reason);
    expect(compared.failed.map(({ name, estimator }) => `${name} ${estimator}`)).toEqual(
      learnerNames.map((name) => `${name} boosting`),
    );
    expect(compared.failed[0]?.reason).toMatch(/^Without fold 1: .*monotone/);
  });
});

describe('folds of a trial', () => {
  it('give each its part of either arm and of its outcomes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 300 }), fc.integer({ min: 2, max: 5 }), fc.string(), (n, count, seed) => {
        const random = seededRandom(seed);
        const treated = Uint8Array.from({ length: n }, () => (random.next() < 0.5 ? 1 : 0));
        const labels = Uint8Array.from({ length: n }, () => (random.next() < 0.4 ? 1 : 0));
        const folds = dealTrial({ table: { rows: n, columns: [] }, treated, labels, treatedShare: 0.5 }, seed, count);
        if ('refused' in folds) return;
        for (const arm of [0, 1])
          for (const label of [0, 1]) {
            const sizes = Array.from({ length: count }, (_, fold) =>
              folds.of.filter((one, row) => one === fold && treated[row] === arm && labels[row] === label).length);
            if (label === 1) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
            expect(Math.min(...sizes)).toBeGreaterThan(0);
          }
      }),
    ); // prettier-ignore
  });

  it('are put in one ranking by standings, which keep order and ties and have the mean one half', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 }), (list) => {
        const standings = standingsOf(Float64Array.from(list));
        list.forEach((a, i) =>
          list.forEach((b, j) => {
            expect(Math.sign((standings[i] as number) - (standings[j] as number))).toBe(Math.sign(a - b));
          }),
        );
        expect(standings.reduce((sum, x) => sum + x, 0) / list.length).toBeCloseTo(0.5, 12);
      }),
    );
  });

  it('have no standing where a score is no number', () => {
    expect(() => standingsOf(Float64Array.of(1, NaN, 2))).toThrow('a score is no number');
    expect(standingsOf(new Float64Array())).toEqual(new Float64Array());
  });
});

describe('the verdict', () => {
  const row = (name: string, value: number, interval: readonly [number, number]): UpliftCandidate => ({
    ...{ name, estimator: 'logistic', settings: {}, qini: { value }, upliftAt: { value } },
    difference: { value, interval },
  });
  const column: UpliftCandidate = { name: 'best single column', columns: ['a', 'b'], qini: { value: 0 }, upliftAt: { value: 0 } }; // prettier-ignore

  it('names those whose interval lies above zero, and nobody else', () => {
    const said = upliftVerdict({ rows: [row('a', 0.2, [-0.1, 0.5]), row('b', 0.1, [0.01, 0.2]), column] });
    expect(said[0]).toBe('a by logistic has the highest Qini of the 2 candidates; its difference to the best single column (a; b) is +0.2000, 95 % from −0.1000 to +0.5000.'); // prettier-ignore
    expect(said[1]).toBe('Shown to rank better than a single column, each by itself: b by logistic.');
    expect(upliftVerdict({ rows: [row('a', 0.2, [0, 0.5]), column] })[1]).toMatch(/^None is shown/);
    expect(upliftVerdict({ rows: [column] })).toEqual(['No learner can be compared with a single column.']);
  });
});
