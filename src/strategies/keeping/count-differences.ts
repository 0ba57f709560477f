import type { Slots } from '../../experiments/experiment.js';
import type { Choice, NoChoice } from '../strategy.js';

/** What a version would deliver to one recipient. */
export type Outcome = Choice | NoChoice;

/** How the decisions of two versions differ over the recipients that were asked about. */
export interface Difference {
  readonly recipients: number;
  /** Recipients who would get other content; another reason for the same content does not count. */
  readonly changed: number;
  /** How many recipients see another content in it, most first. */
  readonly bySlot: readonly { readonly slot: string; readonly changed: number }[];
  /** From which rule to which, most first. */
  readonly moves: readonly Move[];
  /** The first ones that change, at most three of each move. */
  readonly samples: readonly Sample[];
}

export interface Move {
  /** The reason of the decision: `rule vip`, `default`, or why there is none. */
  readonly from: string;
  readonly to: string;
  readonly changed: number;
}

export interface Sample {
  readonly recipientKey: string;
  readonly from: Seen;
  readonly to: Seen;
}

export interface Seen {
  readonly reason: string;
  /** Only those that differ. */
  readonly slots: Slots;
}

const samplesPerMove = 3;
const mostSamples = 30;

/** Counts decision by decision, so that any number of recipients can stream through. */
export class DifferenceCounter {
  #recipients = 0;
  #changed = 0;
  readonly #bySlot = new Map<string, number>();
  readonly #moves = new Map<string, { from: string; to: string; changed: number }>();
  readonly #samples: Sample[] = [];

  add(recipientKey: string, before: Outcome, after: Outcome): void {
    this.#recipients += 1;
    const [from, to] = [slotsOf(before), slotsOf(after)];
    const slots = differing(from, to);
    if (slots.length === 0) return;
    this.#changed += 1;
    for (const slot of slots) this.#bySlot.set(slot, (this.#bySlot.get(slot) ?? 0) + 1);
    const [was, is] = [reasonOf(before), reasonOf(after)];
    const move = this.#moves.get(`${was}\n${is}`) ?? { from: was, to: is, changed: 0 };
    move.changed += 1;
    this.#moves.set(`${was}\n${is}`, move);
    if (move.changed > samplesPerMove || this.#samples.length >= mostSamples) return;
    const seen = (reason: string, all: Slots): Seen => ({ reason, slots: pick(all, slots) });
    this.#samples.push({ recipientKey, from: seen(was, from), to: seen(is, to) });
  }

  get recipients(): number {
    return this.#recipients;
  }

  result(): Difference {
    const most = (a: { changed: number }, b: { changed: number }): number => b.changed - a.changed;
    return {
      recipients: this.#recipients,
      changed: this.#changed,
      bySlot: [...this.#bySlot].map(([slot, changed]) => ({ slot, changed })).sort(most),
      moves: [...this.#moves.values()].map((move) => ({ ...move })).sort(most),
      samples: [...this.#samples],
    };
  }
}

/** `112 of 10,000 recipients change`. */
export function spellDifference({ recipients, changed }: Difference): string {
  const count = (n: number): string => n.toLocaleString('en-US');
  if (recipients === 0) return 'no recipient is stored yet, so nothing can be compared';
  const verb = changed === 1 ? 'changes' : 'change';
  return `${count(changed)} of ${count(recipients)} ${recipients === 1 ? 'recipient' : 'recipients'} ${verb}`;
}

function slotsOf(outcome: Outcome): Slots {
  return 'noChoice' in outcome ? {} : outcome.slots;
}

function reasonOf(outcome: Outcome): string {
  return 'noChoice' in outcome ? `no content (${outcome.noChoice})` : outcome.reason;
}

function differing(before: Slots, after: Slots): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => own(before, name) !== own(after, name));
}

function pick(slots: Slots, names: readonly string[]): Slots {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(slots, name) ? [[name, slots[name] ?? '']] : [])),
  );
}

function own(slots: Slots, name: string): string | undefined {
  return Object.hasOwn(slots, name) ? slots[name] : undefined;
}
