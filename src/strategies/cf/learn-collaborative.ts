import { idsOf } from '../candidates.js';
import type { Measure } from '../model-report.js';
import type { Json, Learned, LearningLog, NothingLearned, Tell } from '../strategy.js';
import { Cascade, cascadeFromJSON, cascadeToJSON } from './cascade.js';
import type { CollaborativeDefinition } from './definition.js';
import { fitMethods } from './fit-methods.js';
import { splitHistories } from './split-histories.js';
import { byCascade, judgedOf, rankAll } from './judge.js';
import { describedMatrix } from './item-attributes.js';
import { judgeRankings } from './measure-rankings.js';
import { Study } from './study.js';
import { referenceOf } from './watch-collaborative.js';

/** Learns from what lies before the hold-out, and measures on it. */
export function learnCollaborative(
  definition: CollaborativeDefinition,
  log: LearningLog,
  clock: Date,
  seed: string,
  tell: Tell = () => undefined,
): Learned | NothingLearned {
  const split = splitHistories(definition, log.histories, idsOf(log.catalogue.items), clock, seed);
  if (split.learn.length === 0) return nothingIn(definition, log);
  const matrix = describedMatrix(split.learn, log.catalogue.items);
  const parts = fitMethods(definition, matrix, seed, (step, share) => tell(step, share / 2));
  if ('refused' in parts) return parts;
  const study = new Study(definition, log, split, seed, (step, share) => tell(step, 0.5 + share / 2));
  const report = study.reportOf(matrix, new Cascade(parts), clock);
  const reference = referenceOf(definition, matrix.items, split, log, clock);
  return { state: cascadeToJSON(parts), report: { ...report, ...reference } };
}

/** nDCG of a model on the hold-out at the clock. */
export function measureCollaborative(
  definition: CollaborativeDefinition,
  state: Json,
  log: LearningLog,
  clock: Date,
  seed: string,
): Measure {
  const split = splitHistories(definition, log.histories, idsOf(log.catalogue.items), clock, seed);
  const catalogue = new Set(log.catalogue.items.map(({ id }) => id));
  const judged = rankAll(judgedOf(split, seed), catalogue, byCascade(cascadeFromJSON(state)));
  return judgeRankings(judged, catalogue.size, seed)[0] as Measure;
}

function nothingIn({ holdOut, window }: CollaborativeDefinition, { catalogue }: LearningLog): NothingLearned {
  if (catalogue.items.length === 0) {
    const reason = 'The snapshot of the catalogue is empty: record items and take a new one.';
    return { refused: true, code: 'too_few', reason };
  }
  const when = typeof holdOut === 'string' ? ` before the last ${holdOut}, which are held out` : '';
  const mend =
    typeof holdOut === 'string' ? 'record events with item, or shorten holdOut' : 'record events with item';
  const reason = `Within the window of ${window} nobody did anything with an item of the catalogue${when}: ${mend}.`;
  return { refused: true, code: 'too_few', reason };
}
