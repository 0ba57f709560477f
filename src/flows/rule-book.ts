import type { Knex } from 'knex';
import { selectExperiments } from '../database/experiments.js';
import { type FactRules, factRules, type Facts, factsOf } from '../engagement/facts.js';
import { type Needs, needsOf } from '../engagement/history.js';
import type { StoredExperiment } from '../experiments/experiment.js';

/** An experiment with all that is worked out once and serves for many recipients. */
export interface Rules {
  readonly experiment: StoredExperiment;
  readonly facts: FactRules;
  readonly needs: Needs;
  /** The facts of a recipient to whom nothing has happened: not all zeros where time is measured. */
  readonly nothing: Facts;
}

export type RuleBook = ReadonlyMap<string, Rules>;

export function rulesOf(experiment: StoredExperiment): Rules {
  const facts = factRules(experiment);
  return { experiment, facts, needs: needsOf(experiment), nothing: factsOf(facts, 0, []) };
}

export async function loadRules(db: Knex, keys: Iterable<string>): Promise<RuleBook> {
  const experiments = await selectExperiments(db, [...new Set(keys)]);
  return new Map([...experiments].map(([key, experiment]) => [key, rulesOf(experiment)]));
}

export function ruleOf(book: RuleBook, key: string): Rules {
  const rules = book.get(key);
  if (!rules) throw new Error(`experiment ${key} vanished while its events were recorded`);
  return rules;
}
