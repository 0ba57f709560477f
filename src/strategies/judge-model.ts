import type { Measure } from './model-report.js';

/** A model as people name it: `tea-picks/3`. */
export interface JudgedModel {
  readonly id: string;
  /** Nothing that happened at it or later was learned from (ISO 8601). */
  readonly clock: string;
}

export interface Judgement {
  readonly status: 'promoted' | 'kept';
  /** One sentence, which stands in the record. */
  readonly why: string;
}

/**
 * Whether a new model takes the place of the one in use: only if it does better on the same hold-out. Of a kind without
 * measure the newest does. A measure that cannot be had never promotes anything over a model that has one.
 *
 * @param measures of both on the hold-out before the clock of the challenger; undefined where the kind has none.
 */
export function judgeModel(
  challenger: JudgedModel,
  champion: JudgedModel | undefined,
  measures: { readonly challenger: Measure; readonly champion: Measure } | undefined,
): Judgement {
  if (!champion) return promoted('It is the first model of its strategy version.');
  if (challenger.clock < champion.clock) {
    return kept(
      `It learned from what was known before ${challenger.clock}, and ${champion.id}, which is in use, from what was known later: its hold-out may be what ${champion.id} learned from.`,
    );
  }
  if (!measures) return promoted('It is the newest, and models of this kind have no measure.');
  return better(measures.challenger, measures.champion, champion.id);
}

function better(challenger: Measure, champion: Measure, inUse: string): Judgement {
  if ('refused' in challenger) {
    return kept(
      `Its ${challenger.name} could not be had: ${withoutStop(challenger.reason)}. ${inUse} stays.`,
    );
  }
  if ('refused' in champion) {
    return promoted(
      `${challenger.name} ${shown(challenger.value)}, and that of ${inUse} could not be had: ${withoutStop(champion.reason)}.`,
    );
  }
  const gain = challenger.higherIsBetter
    ? challenger.value - champion.value
    : champion.value - challenger.value;
  const figures = `${challenger.name} ${shown(challenger.value)} against ${shown(champion.value)} of ${inUse} on the same hold-out`;
  // Not-a-number is no gain either.
  return gain > 0 ? promoted(`${figures}.`) : kept(`${figures}: not better, so ${inUse} stays.`);
}

const promoted = (why: string): Judgement => ({ status: 'promoted', why });
const kept = (why: string): Judgement => ({ status: 'kept', why });

/** As many digits as it takes to see a small difference. */
const shown = (value: number): string => String(Number(value.toPrecision(5)));

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');
