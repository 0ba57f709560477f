import { type Refusal, refuse } from '../refusal.js';

/** What became of the recipients of a trial with two arms; one entry for each recipient. */
export interface TrialOutcomes {
  /** 1 treated, 0 control. */
  readonly treated: Uint8Array;
  /** Finite; 0 and 1 where it is whether something happened. */
  readonly outcomes: Float64Array;
}

/** A refusal for what no uplift can be measured on. `scores`: one list for each ranking. */
export function unfitForUplift(
  { treated, outcomes }: TrialOutcomes,
  ...scores: readonly Float64Array[]
): Refusal | undefined {
  const rows = treated.length;
  if ([outcomes, ...scores].some((list) => list.length !== rows)) {
    return refuse('invalid_input', 'Arms, outcomes and scores must have an entry for each recipient.');
  }
  if (treated.some((arm) => arm > 1)) {
    return refuse('invalid_input', 'Recipients are either treated (1) or not (0).');
  }
  for (const list of [outcomes, ...scores]) {
    const bad = list.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const what = list === outcomes ? 'outcome' : 'score';
    return refuse('invalid_input', `The ${what} of row ${bad + 1} is ${list[bad]}, which is no number.`);
  }
  const some = treated.reduce((sum, arm) => sum + arm, 0);
  if (some === 0 || some === rows) {
    return refuse('empty_arm', `Nobody was ${some === 0 ? 'treated' : 'in the control arm'}.`);
  }
  const [first] = outcomes;
  if (outcomes.every((value) => value === first)) {
    return refuse('no_variation', 'All recipients have the same outcome.');
  }
  return undefined;
}

export function isBinary(outcomes: Float64Array): boolean {
  return outcomes.every((value) => value === 0 || value === 1);
}
