/** One thing that a recipient did, as strategies, features and segments see it. */
export interface Behaviour {
  /** Of the event. */
  readonly id: string;
  /** `view`, `cart`, `purchase`, `opened`, `clicked`, … */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Id of the message it happened to; absent: the recipient did it without one. */
  readonly message?: string;
  /** Opens and clicks of messages: `human`, `privacy_proxy`, `scanner`, `unknown`. */
  readonly class?: string;
  /** Minor units of `currency`, a whole number; of a refund what went back, so it is below 0. */
  readonly value?: number;
  readonly currency?: string;
  readonly order?: string;
  readonly item?: string;
  readonly category?: string;
  readonly url?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What a recipient did, each thing once: by time, then by id. */
export type History = readonly Behaviour[];

/** What of a recipient's history somebody looks at. */
export interface HistoryNeeds {
  /** Event types; none: no history at all. */
  readonly types: readonly string[];
  /** How far back from the clock, in milliseconds; undefined: from the beginning. */
  readonly lookbackMs?: number;
}

/** Who a recipient is at one moment: what is known and what was done before it. */
export interface Profile {
  readonly traits: Readonly<Record<string, string | number | boolean | null>>;
  readonly history: History;
  /** What registered scorers said of the recipient, by `name@version`; only where a strategy asks for it. */
  readonly scores?: Readonly<Record<string, Score>>;
}

/** A finite number, or why there is none. */
export type Score = number | NoScore;

export interface NoScore {
  readonly refused: true;
  /** Stable, for counting: `timeout`, `circuit_open`, `not_a_number`. */
  readonly code: string;
  /** Short and readable, with the name of the scorer. */
  readonly reason: string;
}
