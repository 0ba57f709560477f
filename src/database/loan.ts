/**
 * The embedded database has one session, so a second thread cannot have a connection of its own. It borrows that of the first
 * thread instead, in turn with everybody else there: its statements travel as messages. Whoever ends a thread that has
 * borrowed gives the connection back, with its transaction taken back.
 */

/** A statement as pg takes it. */
export interface LoanStatement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode?: 'array';
}

/** What pg answers, as far as it travels. */
export interface LoanResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  readonly command: string;
}

export type LoanRequest =
  | { readonly loan: 'acquire'; readonly id: number }
  | { readonly loan: 'release' }
  | { readonly loan: 'query'; readonly id: number; readonly statement: LoanStatement };

export type LoanAnswer =
  | { readonly loan: 'answer'; readonly id: number; readonly result?: LoanResult }
  | { readonly loan: 'refusal'; readonly id: number; readonly error: Readonly<Record<string, unknown>> };
