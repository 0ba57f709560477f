import type { EventClass, EventType } from '../experiments/experiment.js';

/** One thing that happened to the message of one enrolled recipient. Append-only, known by its id. */
export interface EmailEvent {
  readonly id: string;
  readonly type: EventType;
  /** When it happened, as its source says; not when it arrived. */
  readonly at: Date;
  /** Opens and clicks: who is behind it. */
  readonly class?: EventClass;
  /** Conversions: amount in minor units of the experiment's currency; negative for a refund. */
  readonly value?: bigint;
  readonly url?: string;
}

/** What became of one message: the first time of each station, or nothing yet. */
export interface MessageFacts {
  readonly sentAt?: Date;
  readonly deliveredAt?: Date;
  /** By anybody or anything. */
  readonly openedAt?: Date;
  /** By a human, as far as can be told. */
  readonly humanOpenedAt?: Date;
  readonly clickedAt?: Date;
  readonly convertedAt?: Date;
  readonly unsubscribedAt?: Date;
  readonly complainedAt?: Date;
  readonly bouncedAt?: Date;
}

export type Station = keyof MessageFacts;

/** What an event of one kind may carry and what it says about the message. One file per kind. */
export interface EventKind {
  readonly type: EventType;
  /** Fields beside id, type, recipient and time that make sense on this kind. */
  readonly carries: readonly ('class' | 'value' | 'url')[];
  /** The stations that a message has passed when this happens. */
  stations(event: EmailEvent): readonly Station[];
}
