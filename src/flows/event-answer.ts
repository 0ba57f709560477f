/** What became of one event that was posted. */
export type EventAnswer =
  | {
      readonly index: number;
      readonly id: string;
      /** `waiting`: recorded, and counted as soon as its message is known. */
      readonly status: 'recorded' | 'duplicate' | 'waiting';
      /** Recorded, but of a type that nothing counts. */
      readonly note?: 'unknown_type';
    }
  | {
      readonly index: number;
      readonly id?: string;
      readonly status: 'refused';
      readonly error: EventError;
    };

export interface EventError {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export function refusedEvent(index: number, id: string | undefined, error: EventError): EventAnswer {
  const { code, message, path } = error;
  return {
    index,
    ...(id !== undefined && { id }),
    status: 'refused',
    error: { code, message, ...(path !== undefined && path !== '' && { path }) },
  };
}
