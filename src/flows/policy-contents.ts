import type { Knex } from 'knex';
import type { DecidedOutcome } from '../database/questions/decided-outcomes.js';
import type { Slots } from '../experiments/experiment.js';
import type { History, Profile } from '../profiles/history.js';
import { joinNeeds } from '../profiles/join-needs.js';
import type { Traits } from '../profiles/traits.js';
import { contentHash } from '../strategies/content-hash.js';
import {
  type ArmContent,
  type Ask,
  decideAll,
  type DecisionInputs,
  inputsOf,
  type Undecided,
} from './arm-contents.js';
import type { LoadedArm } from './load-arms.js';
import { loadHistories } from './load-histories.js';

/** What one recipient would have got from somebody, as a name of the content; and with what probability it was chosen. */
export interface WouldGet {
  /** Undefined: nothing, for want of a choice and a fallback. */
  readonly content: string | undefined;
  readonly probability: number;
}

/** A decision that was logged, made again by every arm and by strategies that made none of them. */
export interface DecidedAgain {
  /** What was delivered. */
  readonly delivered: string;
  /** By arm, in the order of the design. */
  readonly arms: readonly WouldGet[];
  /** By strategy, in the order given. */
  readonly targets: readonly WouldGet[];
  /** What was known of the recipient before the decision, and nothing later. */
  readonly known: Profile;
  /** The moment of the decision. */
  readonly at: Date;
}

/** Why a decision says nothing. */
export type LeftOut = 'not_asked' | 'history_too_long' | 'not_reproduced';

/**
 * Makes decisions again as of their own moments: by the arm that made them from what the ledger kept, by all others from what was
 * known then. Contents are compared by the slots that any of the strategies sets, and by their items.
 */
export async function decideAgain(
  db: Knex,
  rows: readonly DecidedOutcome[],
  arms: readonly LoadedArm[],
  targets: readonly LoadedArm[],
): Promise<(DecidedAgain | LeftOut)[]> {
  const all = [...arms, ...targets];
  const names = new Set(all.flatMap(({ strategy }) => strategy?.slotNames ?? []));
  const histories = await historiesAt(db, rows, all);
  const asks = rows.flatMap((row, r) => all.map((arm, place) => askFor(row, arm, place, histories[r])));
  const answers = decideAll(asks);
  return rows.map((row, r): DecidedAgain | LeftOut => {
    if (inputsIn(row)?.notAsked !== undefined) return 'not_asked';
    if (histories[r] === 'too long') return 'history_too_long';
    const delivered = nameOf(row.slots, row.items?.map(([item]) => item), row.withheld, names);
    const would = all.map((_, place) => wouldGet(answers[r * all.length + place], names));
    if (would[row.arm]?.content !== delivered) return 'not_reproduced';
    const known = { known: knownOf(row, histories[r]), at: momentOf(row) };
    return { delivered, arms: would.slice(0, arms.length), targets: would.slice(arms.length), ...known };
  }); // prettier-ignore
}

const inputsIn = ({ inputs }: DecidedOutcome): DecisionInputs | undefined =>
  (inputs as DecisionInputs | null) ?? undefined;

function askFor(
  row: DecidedOutcome,
  arm: LoadedArm,
  place: number,
  history: History | 'too long' | undefined,
): Ask {
  const at = momentOf(row);
  const kept = inputsIn(row);
  if (place === row.arm && kept) return { arm, inputs: kept, at };
  return { arm, inputs: inputsOf(arm, knownOf(row, history), at), at };
}

const momentOf = ({ decidedAt, enrolledAt }: DecidedOutcome): Date => decidedAt ?? new Date(enrolledAt);

function knownOf(row: DecidedOutcome, history: History | 'too long' | undefined): Profile {
  const traits = inputsIn(row)?.traits ?? traitsUpTo(row, momentOf(row).getTime());
  return { traits, history: history === undefined || history === 'too long' ? [] : history };
}

/** What was said up to a moment, in the call that enrolled them too, and has not been said anew since. */
function traitsUpTo({ traits, origins }: DecidedOutcome, at: number): Traits {
  const known = Object.entries(traits).filter(([name]) => Date.parse(origins[name]?.[1] ?? '') <= at);
  return Object.fromEntries(known);
}

/** What each recipient had done before their own decision; decisions of one moment are read together. */
async function historiesAt(
  db: Knex,
  rows: readonly DecidedOutcome[],
  arms: readonly LoadedArm[],
): Promise<(History | 'too long')[]> {
  const needs = joinNeeds(arms.map((arm) => arm.needs));
  if (needs.types.length === 0) return rows.map(() => []);
  const moments = new Map<number, number[]>();
  rows.forEach(({ decidedAt, enrolledAt }, r) => {
    const at = decidedAt?.getTime() ?? enrolledAt;
    moments.set(at, [...(moments.get(at) ?? []), r]);
  });
  const found: (History | 'too long')[] = rows.map(() => []);
  for (const [at, places] of moments) {
    const keys = places.map((r) => rows[r]?.recipientKey ?? '');
    const { histories, tooLong } = await loadHistories(db, keys, needs, new Date(at));
    places.forEach((r, i) => {
      const key = keys[i] ?? '';
      found[r] = tooLong.has(key) ? 'too long' : (histories.get(key) ?? []);
    });
  }
  return found;
}

function wouldGet(answer: ArmContent | Undecided | undefined, names: ReadonlySet<string>): WouldGet {
  if (!answer || !('slots' in answer)) return { content: undefined, probability: 1 };
  const items =
    answer.items === null ? undefined : (JSON.parse(answer.items) as [string][]).map(([item]) => item);
  return { content: nameOf(answer.slots, items, answer.withheld, names), probability: answer.probability };
}

/** Contents of the same name are the same to whoever gets them, as far as strategies decide it. */
function nameOf(
  slots: Slots,
  items: readonly string[] | undefined,
  withheld: boolean,
  names: ReadonlySet<string>,
): string {
  if (withheld) return 'nothing';
  const own = Object.entries(slots).filter(([name]) => names.has(name));
  return contentHash({ slots: Object.fromEntries(own), items: items ?? [] });
}
