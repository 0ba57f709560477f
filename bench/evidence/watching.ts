import { rateDifference, type Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { rateVariance } from '../../src/statistics/proportions/wald-difference.js';
import { isRefusal } from '../../src/statistics/result.js';
import { confidenceSequence } from '../../src/statistics/sequential/confidence-sequence.js';
import { futilityBounds } from '../../src/statistics/sequential/futility.js';
import { groupSequential } from '../../src/statistics/sequential/group-sequential.js';
import { msprt } from '../../src/statistics/sequential/msprt.js';
import { oneSidedSequence } from '../../src/statistics/sequential/one-sided-sequence.js';
import { runningSequence } from '../../src/statistics/sequential/running-sequence.js';
import { wangTsiatis } from '../../src/statistics/sequential/wang-tsiatis.js';
import { binomialTable, drawFrom, type Chance } from './chance.js';
import { ERRS, misses, part, pledgeRows, type Pledge } from './pledges.js';
import { counted, type Row, type Study } from './study.js';

const RUNS = 4000;
const LOOKS = 14;

/** What one look sees: all recipients so far. */
interface Look {
  readonly value: number;
  readonly se: number;
  readonly n: bigint;
  readonly events: readonly bigint[];
}

export const watching: Study = {
  id: 'watching',
  title: 'Watching for harm, and intervals that hold at all looks',
  story:
    'Fourteen looks at 2,000 more recipients per arm. Unsubscribes at 0.5 % are watched for harm at 0.01; the second row ' +
    'has harm (0.8 % in treatment), which may be overlooked. Clicks at 5 % and 6 %: how often an interval misses ' +
    'the true difference at any look. Sequences that hold for ever err less than they promise within fourteen looks.',
  columns: ERRS,
  runs: RUNS,
  rows: (random) => [
    ...pledgeRows('0.5 %, no harm', rates(0.005, 0.005), [alarm], RUNS, random),
    ...pledgeRows('0.5 %, harm', rates(0.005, 0.008), [overlooked], RUNS, random),
    ...pledgeRows('5 % v 6 %, any look', rates(0.05, 0.06), clickPledges, RUNS, random),
    ...pledgeRows('5 looks, no effect', (chance) => zScores(0, chance), classic, RUNS, random),
  ],
};

function rates(pc: number, pt: number): (random: Chance) => Look[] {
  const draws = [pc, pt].map((p) => drawFrom(binomialTable(2000, p, binomial.logPmf)));
  return (random) => {
    const sums = [0, 0];
    return Array.from({ length: LOOKS }, (_, look) => {
      const n = BigInt(2000 * (look + 1));
      const [control, treatment] = draws.map((draw, arm): Count => {
        const sum = (sums[arm] ?? 0) + draw(random);
        sums[arm] = sum;
        return { successes: BigInt(sum), n };
      });
      return lookAt(control, treatment);
    });
  };
}

function lookAt(control: Count | undefined, treatment: Count | undefined): Look {
  if (!control || !treatment) throw new Error('There are two arms.');
  return {
    value: rateDifference(control, treatment),
    se: Math.sqrt(rateVariance(control) + rateVariance(treatment)),
    n: control.n + treatment.n,
    events: [control.successes, treatment.successes],
  };
}

const PLANNED = 2 * 2000 * LOOKS;

function alarms(looks: readonly Look[]): boolean {
  return looks.some((look) => {
    const result = oneSidedSequence(look, 'increase', PLANNED, 0.01);
    return !isRefusal(result) && result.significant;
  });
}

const alarm: Pledge<Look[]> = { method: 'one-sided sequence, false alarm', promised: 0.01, errs: alarms };
const overlooked: Pledge<Look[]> = {
  method: 'one-sided sequence, harm overlooked',
  errs: (looks) => !alarms(looks),
};

const clickPledges: readonly Pledge<Look[]>[] = [
  {
    method: 'confidence sequence',
    promised: 0.05,
    errs: (looks) => looks.some((look) => misses(sequence(look), 0.01)),
  },
  {
    method: 'all looks together',
    promised: 0.05,
    errs: (looks) => {
      const seen = looks.flatMap((look) => {
        const result = confidenceSequence(look, PLANNED, 0.05);
        return isRefusal(result) ? [] : [{ interval: result.estimate.interval, logP: result.test.logP }];
      });
      const last = part(runningSequence(seen), (running) => running.looks.at(-1) ?? { interval: EVERYTHING });
      if (isRefusal(last)) return false;
      return isRefusal(last.interval) || misses({ interval: last.interval }, 0.01);
    },
  },
  {
    method: 'mixture test (mSPRT)',
    promised: 0.05,
    errs: (looks) =>
      looks.some((look) =>
        misses(
          part(msprt(look, 0.005, 0.05), ({ estimate }) => estimate),
          0.01,
        ),
      ),
  },
];

const EVERYTHING = { lower: -Infinity, upper: Infinity, level: 0.95 };

function sequence(look: Look) {
  return part(confidenceSequence(look, PLANNED, 0.05), ({ estimate }) => estimate);
}

const FIVE = [0.2, 0.4, 0.6, 0.8, 1];

/** The z of each of five looks; `drift` is its mean at the planned end. */
function zScores(drift: number, random: Chance): number[] {
  let sum = 0;
  return FIVE.map((t) => {
    sum += 0.2 * drift + Math.sqrt(0.2) * random.normal();
    return sum / Math.sqrt(t);
  });
}

const classic: readonly Pledge<number[]>[] = [
  ["Pocock's bounds", 0.5],
  ["O'Brien and Fleming's bounds", 0],
].map(([name, shape]) => {
  const design = wangTsiatis(FIVE, Number(shape), 0.05);
  const bounds = isRefusal(design) ? [] : design.bounds;
  return {
    method: String(name),
    promised: 0.05,
    errs: (zs) => zs.some((z, i) => Math.abs(z) >= (bounds[i] ?? Infinity)),
  };
});

const SPENDING = { kind: 'obrien_fleming' } as const;
/** Planned information of a test with one look, 0.05 two-sided and a power of 80 %. */
const ONE_LOOK_DRIFT = normal.isf(0.025) + normal.isf(0.2);

export const giveUp: Study = {
  id: 'futility',
  title: 'Ending experiments that will not show anything',
  story:
    'Five looks, upper bounds like O’Brien and Fleming, planned for a power of 80 %; with futility bounds a hopeless ' +
    'experiment ends early. Recipients are those needed on average, over those of a test with one look.',
  columns: [
    'says better, no effect (2.5 %)',
    'finds the effect (80 %)',
    'recipients, no effect',
    'with the effect',
  ],
  runs: 10_000,
  rows: (random) => {
    const plain = groupSequential(FIVE, SPENDING, 0.05, 0.8);
    const futile = futilityBounds(FIVE, SPENDING, SPENDING, 0.05, 0.8);
    if (isRefusal(plain) || isRefusal(futile)) return [];
    return [
      plan(
        'bounds for an effect only',
        plain.inflation,
        plain.looks.map(({ bound }) => ({ bound, futility: -Infinity })),
        random,
      ),
      plan('with futility bounds', futile.inflation, futile.looks, random),
    ];
  },
};

function plan(
  method: string,
  inflation: number,
  looks: readonly { readonly bound: number; readonly futility: number }[],
  random: Chance,
): Row {
  const worlds = [0, ONE_LOOK_DRIFT * Math.sqrt(inflation)].map((drift) => {
    let [better, recipients] = [0, 0];
    for (let run = 0; run < 10_000; run += 1) {
      const zs = zScores(drift, random);
      const end = zs.findIndex(
        (z, i) => Math.abs(z) >= (looks[i]?.bound ?? 0) || z <= (looks[i]?.futility ?? 0),
      );
      const at = end < 0 ? FIVE.length - 1 : end;
      if ((zs[at] ?? 0) >= (looks[at]?.bound ?? Infinity)) better += 1;
      recipients += ((FIVE[at] ?? 1) * inflation) / 10_000;
    }
    return { better: counted(better, 10_000), recipients: { share: recipients, error: 0 } };
  });
  const observed = [...worlds.map(({ better }) => better), ...worlds.map(({ recipients }) => recipients)];
  return { condition: '5 looks', method, observed };
}
