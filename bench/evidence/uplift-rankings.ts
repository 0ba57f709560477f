import type { Figure } from '../../src/evaluation/figure.js';
import { seededRandom } from '../../src/evaluation/random.js';
import { measureRankings } from '../../src/evaluation/uplift/measure-rankings.js';
import type { Chance } from './chance.js';
import { type Ends, sideRows, SIDES_AND_NONE } from './sides.js';
import type { Row, Study } from './study.js';

const RUNS = 1000;
const SAMPLES = 200;
/** The truth is a mean over large trials. */
const LARGE = { trials: 10, recipients: 400_000 };

interface World {
  readonly condition: string;
  readonly recipients: number;
  readonly base: number;
  /** Of those who gain most; it falls evenly to 0. */
  readonly gain: number;
  readonly treated: number;
}

const WORLDS: readonly World[] = [
  { condition: '10 %, +10 points at most, 2,000', recipients: 2_000, base: 0.1, gain: 0.1, treated: 0.5 },
  { condition: '2 %, +4 points, 2,000', recipients: 2_000, base: 0.02, gain: 0.04, treated: 0.5 },
  {
    condition: '2 %, +2 points, 10,000, 10 % treated',
    recipients: 10_000,
    base: 0.02,
    gain: 0.02,
    treated: 0.1,
  },
];

/** Two scores that know as much of who gains, and are wrong about different people. */
function measured(world: World, recipients: number, samples: number, seed: string, random: Chance) {
  const treated = new Uint8Array(recipients);
  const [outcomes, first, second] = [0, 0, 0].map(() => new Float64Array(recipients)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < recipients; i += 1) {
    const share = random.uniform();
    treated[i] = random.uniform() < world.treated ? 1 : 0;
    outcomes[i] = random.uniform() < world.base + (treated[i] === 1 ? world.gain * share : 0) ? 1 : 0;
    first[i] = share + 0.5 * random.normal();
    second[i] = share + 0.5 * random.normal();
  }
  const answer = measureRankings(
    [first, second],
    { treated, outcomes },
    {
      share: 0.3,
      resampling: { samples, level: 0.95 },
      random: seededRandom(seed),
      pairs: [[0, 1]],
    },
  );
  if ('refused' in answer) throw new Error(answer.reason);
  const [ranking, difference] = [answer.rankings[0], answer.differences[0]];
  if (!ranking || !difference) throw new Error('nothing was measured');
  return [ranking.qini, ranking.upliftAuc, ranking.upliftAt.overall, difference];
}

const METHODS = ['Qini, normalised', 'area under uplift', 'uplift@30 %', 'paired difference of two Qinis'];
const valueOf = (figure: Figure | undefined): number => (figure && 'value' in figure ? figure.value : NaN);
const endsOf = (figure: Figure): Ends | undefined => ('value' in figure ? figure.interval : undefined);

function rowsOf(world: World, random: Chance): Row[] {
  const sums = METHODS.map(() => 0);
  for (let trial = 0; trial < LARGE.trials; trial += 1) {
    const large = measured(world, LARGE.recipients, 0, 'truth', random);
    sums.forEach((sum, i) => (sums[i] = sum + valueOf(large[i]) / LARGE.trials));
  }
  const aims = METHODS.map((method, i) => ({ method, truth: i === 3 ? 0 : (sums[i] ?? NaN) }));
  const ends = (chance: Chance, run: number) =>
    measured(world, world.recipients, SAMPLES, `${run}`, chance).map(endsOf);
  return sideRows(world.condition, aims, ends, RUNS, random);
}

export const upliftRankings: Study = {
  id: 'uplift',
  title: 'How well a ranking tells who gains',
  story:
    'Trials in which some gain much by the treatment and some nothing, and a score that knows half of it. Bootstrap over ' +
    'recipients with 200 samples.',
  columns: SIDES_AND_NONE,
  runs: RUNS,
  rows: (random) => WORLDS.flatMap((world) => rowsOf(world, random)),
};
