/** Translates one kind of reference case into calls of the public functions, and their answers back. */
export interface Adapter {
  /** Ids in the registry that this reference method judges; empty for what lies beneath them. */
  readonly covers: readonly string[];
  /**
   * Answers with the keys of the reference case's `expect`; what is refused is left out or undefined.
   * The reference is untyped JSON; each adapter states the shape it reads.
   */
  run(input: never): Record<string, unknown>;
}

/** By id of the reference method. */
export type Adapters = Readonly<Record<string, Adapter>>;
