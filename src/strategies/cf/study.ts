import { idsOf } from '../candidates.js';
import type { Measure, ModelReport } from '../model-report.js';
import type { LearningLog, Tell } from '../strategy.js';
import { Cascade } from './cascade.js';
import { type CollaborativeDefinition, rulesOf } from './definition.js';
import { fitMethods } from './fit-methods.js';
import { type HeldOut, type Split, splitHistories } from './split-histories.js';
import { worthByItem } from './interactions.js';
import { byCascade, byPopularity, judgeBands, judgedOf, mostJudged, type RankFor, rankAll } from './judge.js';
import { describedMatrix } from './item-attributes.js';
import type { Matrix } from './matrix.js';
import { type Judged, judgeRankings } from './measure-rankings.js';

/** One way of ranking, and what it recommends to everybody who is looked at. */
interface Way {
  readonly by: string;
  readonly judged: readonly Judged[];
}

/** Measures a model and those that it is compared with, on the same recipients. */
export class Study {
  readonly #definition: CollaborativeDefinition;
  readonly #log: LearningLog;
  readonly #split: Split;
  readonly #seed: string;
  readonly #tell: Tell;
  readonly #catalogue: ReadonlySet<string>;
  readonly #judged: readonly HeldOut[];
  /** Ways of ranking, done and in all. */
  #measured = 0;
  readonly #toMeasure: number;

  constructor(definition: CollaborativeDefinition, log: LearningLog, split: Split, seed: string, tell: Tell) {
    this.#definition = definition;
    this.#log = log;
    this.#split = split;
    this.#seed = seed;
    this.#tell = tell;
    this.#catalogue = new Set(log.catalogue.items.map(({ id }) => id));
    this.#judged = judgedOf(split, seed);
    this.#toMeasure = 2 + (definition.sparse ? 1 : 0) + (definition.dwell ? 1 : 0);
  }

  reportOf(matrix: Matrix, cascade: Cascade, clock: Date): ModelReport {
    const { kind, note, from, until } = this.#split;
    const model = this.#way('model', byCascade(cascade));
    const popular = this.#way('best sellers', byPopularity(cascade));
    const others = [...this.#withoutSparse(cascade), ...this.#withoutDwell(clock)];
    const measures = this.#measuresOf(model);
    const baselines = [popular, ...others].map((way) => ({ name: way.by, measures: this.#measuresOf(way) }));
    const ways = [model, popular, ...others];
    return {
      window: { from: new Date(from).toISOString(), until: new Date(until).toISOString() },
      split: { kind, note },
      ...{ measures, baselines },
      bands: judgeBands(this.#judged, ways, this.#catalogue.size, this.#seed),
      interactions: summaryOf(matrix),
      notes: this.#notes(measures[0], baselines[0]?.measures[0]),
    };
  }

  #way(by: string, rank: RankFor): Way {
    const tell = (share: number): void =>
      this.#tell(`measuring ${by}`, (this.#measured + share) / this.#toMeasure);
    const judged = rankAll(this.#judged, this.#catalogue, rank, tell);
    this.#measured += 1;
    return { by, judged };
  }

  #measuresOf({ judged }: Way): Measure[] {
    return judgeRankings(judged, this.#catalogue.size, this.#seed);
  }

  /** Whether another method for those of whom little is known is worth it. */
  #withoutSparse(cascade: Cascade): Way[] {
    const { sparse, method } = this.#definition;
    return sparse ? [this.#way(`${method} for everybody`, byCascade(cascade.withoutSparse()))] : [];
  }

  /** Whether it is worth knowing how long somebody looked: the same, learned and asked without. */
  #withoutDwell(clock: Date): Way[] {
    const { dwell, ...without } = this.#definition;
    if (!dwell) return [];
    const { histories, catalogue } = this.#log;
    const { learn } = splitHistories(without, histories, idsOf(catalogue.items), clock, this.#seed);
    const parts = fitMethods(without, describedMatrix(learn, catalogue.items), this.#seed, (step) =>
      this.#tell(step, this.#measured / this.#toMeasure),
    );
    if ('refused' in parts) return [];
    const cascade = new Cascade(parts);
    const rank = byCascade(cascade);
    const isByChance = this.#split.kind === 'random';
    return [
      this.#way('without dwell', (one, allowed) => {
        const worths = worthByItem(histories.get(one.recipient) ?? [], rulesOf(without), this.#split.until);
        if (isByChance) for (const item of one.relevant) worths.delete(item);
        return rank({ ...one, worths }, allowed);
      }),
    ];
  }

  #notes(own: Measure | undefined, popular: Measure | undefined): string[] {
    const { kind, heldOut } = this.#split;
    const notes: string[] = [];
    if (kind === 'random')
      notes.push('Held out by chance, which flatters: compare it with no model that was held out by time.');
    if (heldOut.length > mostJudged)
      notes.push(`Measured on ${mostJudged} of ${heldOut.length} recipients, drawn by chance.`);
    if (own && popular && 'value' in own && 'value' in popular && own.value <= popular.value)
      notes.push(
        'Best sellers do as well on what was held out: an experiment should tell before anybody relies on the model.',
      );
    return notes;
  }
}

function summaryOf({ recipients, items, byRecipient }: Matrix): NonNullable<ModelReport['interactions']> {
  const interactions = byRecipient.places.length;
  return {
    ...{ recipients: recipients.length, items: items.length, interactions },
    density: interactions / (recipients.length * items.length),
  };
}
