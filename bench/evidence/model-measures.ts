import {
  comparePredictions,
  measurePredictions,
} from '../../src/evaluation/classification/measure-predictions.js';
import { oneRowEach, type RecipientRows } from '../../src/evaluation/recipient-rows.js';
import { logistic } from '../../src/statistics/numerics/logistic.js';
import type { Chance } from './chance.js';
import { type Ends, sideRows, SIDES_AND_NONE } from './sides.js';
import type { Row, Study } from './study.js';

const RUNS = 1000;
const DRAWS = 500;
const TRUTH_ROWS = 2_000_000;
const MEASURES = ['AUC', 'log loss', 'precision@10%', 'calibration slope'] as const;

interface World {
  readonly condition: string;
  readonly recipients: number;
  readonly rowsEach: number;
  /** Log odds of the outcome where the score is 0. */
  readonly base: number;
}

const WORLDS: readonly World[] = [
  { condition: '100 of 200 positive', recipients: 200, rowsEach: 1, base: 0 },
  { condition: '27 of 1,500', recipients: 1_500, rowsEach: 1, base: -4.3 },
  { condition: '17 of 5,000', recipients: 5_000, rowsEach: 1, base: -6 },
  { condition: '91 of 5,000', recipients: 5_000, rowsEach: 1, base: -4.3 },
  { condition: '500 recipients with 5 rows each', recipients: 500, rowsEach: 5, base: -2 },
];

interface Drawn {
  readonly labels: Uint8Array;
  /** The true probabilities as far as the score knows them. */
  readonly predicted: Float64Array;
  /** Of a worse model. */
  readonly worse: Float64Array;
  readonly recipients: RecipientRows;
}

/** Recipients with several rows differ in something that no prediction knows. */
function draw({ recipients, rowsEach, base }: World, random: Chance): Drawn {
  const rows = recipients * rowsEach;
  const labels = new Uint8Array(rows);
  const [predicted, worse] = [new Float64Array(rows), new Float64Array(rows)];
  const of = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const recipient = Math.floor(row / rowsEach);
    of[row] = recipient;
    if (row % rowsEach === 0) {
      const [score, noise] = [random.normal(), random.normal()];
      const hidden = rowsEach > 1 ? random.normal() : 0;
      for (let next = row; next < row + rowsEach; next += 1) {
        predicted[next] = logistic(base + 0.8 * score);
        worse[next] = logistic(base + 0.8 * (0.6 * score + 0.8 * noise));
        labels[next] = random.uniform() < logistic(base + 0.8 * score + hidden) ? 1 : 0;
      }
    }
  }
  return { labels, predicted, worse, recipients: { recipients, of } };
}

function figures({ labels, predicted }: Drawn, recipients: RecipientRows, draws: number, seed: string) {
  const options = { seed, draws, recipients, share: 0.1, only: MEASURES };
  const measured = measurePredictions(labels, predicted, options);
  return new Map('refused' in measured ? [] : measured.figures.map((figure) => [figure.name, figure]));
}

function aucGain(drawn: Drawn, draws: number, seed: string) {
  const { labels, predicted, worse, recipients } = drawn;
  return comparePredictions(labels, [predicted, worse], { measure: 'AUC', seed, draws, recipients });
}

function truthsOf(world: World, random: Chance): { readonly of: ReadonlyMap<string, number>; gain: number } {
  const drawn = draw({ ...world, recipients: TRUTH_ROWS / world.rowsEach }, random);
  const found = figures(drawn, drawn.recipients, 0, 'truth');
  const values = [...found].map(([name, figure]) => [name, 'value' in figure ? figure.value : NaN] as const);
  return { of: new Map(values), gain: aucGain(drawn, 0, 'truth')?.value ?? NaN };
}

function rowsOf(world: World, random: Chance): Row[] {
  const truths = truthsOf(world, random);
  const clustered = world.rowsEach > 1;
  const aims = [
    ...MEASURES.map((method) => ({ method, truth: truths.of.get(method) ?? NaN })),
    { method: 'difference of two AUCs', truth: truths.gain },
    ...(clustered
      ? [{ method: 'AUC, rows redrawn (for comparison)', truth: truths.of.get('AUC') ?? NaN }]
      : []),
  ];
  const ends = (chance: Chance, run: number): (Ends | undefined)[] => {
    const drawn = draw(world, chance);
    const intervals = (recipients: RecipientRows) => {
      const found = figures(drawn, recipients, DRAWS, `${run}`);
      return (name: string): Ends | undefined => {
        const figure = found.get(name);
        return figure && 'value' in figure ? figure.interval : undefined;
      };
    };
    const byRecipient = intervals(drawn.recipients);
    return [
      ...MEASURES.map(byRecipient),
      aucGain(drawn, DRAWS, `${run}`)?.interval,
      ...(clustered ? [intervals(oneRowEach(drawn.labels.length))('AUC')] : []),
    ];
  };
  return sideRows(world.condition, aims, ends, RUNS, random);
}

export const modelMeasures: Study = {
  id: 'models',
  title: 'How good predictions are',
  story:
    'Predictions of a model that was learned elsewhere, measured on rows drawn anew, with a bootstrap over recipients of ' +
    '500 draws. With 17 to 27 positives intervals miss in 6 to 10 % instead of 5 %, mostly on one side: look at the number ' +
    'of positives first. From about 90 on they come near their promise. Rows of one recipient go together; redrawing rows ' +
    'promises too much.',
  columns: SIDES_AND_NONE,
  runs: RUNS,
  rows: (random) => WORLDS.flatMap((world) => rowsOf(world, random)),
};
