import type { EventClass, EventType } from '../experiments/experiment.js';

/** What an event may say of itself beside its id, type and time. */
export interface EventFields {
  /** Opens and clicks: who is behind it. */
  readonly class?: EventClass;
  /** Amount in minor units of `currency`; negative for a refund. */
  readonly value?: bigint;
  readonly currency?: string;
  /** Order id: what names one order is one order, however often and by whomever it is reported. */
  readonly order?: string;
  readonly item?: string;
  readonly category?: string;
  readonly url?: string;
  /** `void`: the id of the event that is taken back. */
  readonly target?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Whose event it is: of a message (its id without the routing hint), or of a recipient alone. */
export type Subject =
  | { readonly messageId: string; readonly recipientKey?: undefined }
  | { readonly recipientKey: string; readonly messageId?: undefined };

/** One thing that happened. Append-only, known by its id. `type` may be one that Postulate does not know. */
export type StoredEvent = EventFields &
  Subject & {
    readonly id: string;
    readonly type: string;
    /** When it happened, as its source says; not when it arrived. */
    readonly at: Date;
  };

export type CarriedField = 'class' | 'value' | 'order' | 'item' | 'category' | 'url' | 'target';

/** What an event of one kind may carry and what else it proves. One file per kind. */
export interface EventKind {
  readonly type: EventType;
  /** `message`: means nothing without its message. `either`: may also be reported of a recipient alone. */
  readonly of: 'message' | 'either';
  /** Fields beside id, type, subject, time and properties that make sense on this kind. */
  readonly carries: readonly CarriedField[];
  /** What must have happened too when this has: who clicks has the message open. */
  readonly proves: readonly EventType[];
}
