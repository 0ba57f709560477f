/** One row of a file: its value, or why it could not be read. */
export type FileRow =
  | {
      readonly ok: true;
      /** Line of the file on which it begins, from 1. */
      readonly line: number;
      readonly value: unknown;
    }
  | {
      readonly ok: false;
      readonly line: number;
      readonly code: string;
      readonly message: string;
      /** How the row begins. */
      readonly start: string;
    };
