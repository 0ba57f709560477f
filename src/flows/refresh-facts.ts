import type { Knex } from 'knex';
import { addToCells } from '../database/cells.js';
import { selectExperiments } from '../database/experiments.js';
import { type RecipientFacts, replaceFacts } from '../database/facts.js';
import { type Addressee, addresseeKey } from '../database/questions/addressees.js';
import { type History, lockedHistories } from '../database/questions/histories.js';
import { type Cells, changeOutcomes } from '../engagement/cells.js';
import { messageFacts } from '../engagement/message-facts.js';
import { outcomesOf } from '../engagement/outcomes.js';
import type { Experiment } from '../experiments/experiment.js';

/**
 * Makes the facts of these recipients again from all their events, and moves the cells by the difference. Because
 * it starts from everything known, late, repeated and shuffled events come to the same facts as orderly ones.
 */
export async function refreshFacts(trx: Knex, touched: readonly Addressee[]): Promise<void> {
  const addressees = [...new Map(touched.map((addressee) => [addresseeKey(addressee), addressee])).values()];
  if (addressees.length === 0) return;
  const histories = await lockedHistories(trx, addressees);
  const experiments = await selectExperiments(trx, [
    ...new Set(histories.map((history) => history.experiment)),
  ]);
  const facts: RecipientFacts[] = [];
  const differences = new Map<string, Cells>();
  for (const history of histories) {
    const experiment = experiments.get(history.experiment);
    if (!experiment)
      throw new Error(`experiment ${history.experiment} vanished while its events were recorded`);
    const made = factsOf(experiment, history);
    const cells = differences.get(history.experiment) ?? new Map<string, never>();
    changeOutcomes(cells, history.place, history.outcomes, made.outcomes);
    differences.set(history.experiment, cells);
    facts.push(made);
  }
  await replaceFacts(trx, facts);
  for (const key of [...differences.keys()].sort()) {
    await addToCells(trx, key, differences.get(key) ?? new Map<string, never>());
  }
}

/** What all events of one recipient come to. */
export function factsOf(experiment: Experiment, history: History): RecipientFacts {
  const message = messageFacts(history.events);
  return {
    experiment: history.experiment,
    recipientKey: history.recipientKey,
    message,
    outcomes: outcomesOf(experiment, history.enrolledAt, message.sentAt, history.events),
  };
}
