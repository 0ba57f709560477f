import type { RefusedUplift, TrialTable } from './learner.js';
import { takeRows, type Table } from '../table.js';

export interface ArmTable {
  readonly table: Table;
  readonly labels: Uint8Array;
}

/** The rows of one arm, among `rows` where given. */
export function armOf({ table, treated, labels }: TrialTable, arm: 0 | 1, rows?: Int32Array): ArmTable {
  const among = rows ?? Int32Array.from(treated, (_, row) => row);
  const own = among.filter((row) => treated[row] === arm);
  return { table: takeRows(table, own), labels: Uint8Array.from(own, (row) => labels[row] as number) };
}

/** A refusal where one of the arms has nobody. */
export function emptyArm({ treated }: TrialTable): RefusedUplift | undefined {
  const some = treated.reduce((sum, arm) => sum + arm, 0);
  if (some > 0 && some < treated.length) return undefined;
  const reason = `Nobody of ${treated.length} recipients ${some === 0 ? 'was treated' : 'is in the control arm'}: there is nothing to compare.`;
  return { refused: true, code: 'empty_arm', reason };
}

/** How many are in each arm, and how many of them have the outcome; the treated first. */
export function armCounts(
  { treated, labels }: TrialTable,
  names: { readonly treated: string; readonly control: string },
): { readonly arm: string; readonly recipients: number; readonly outcomes: number }[] {
  return ([1, 0] as const).map((arm) => {
    const own = labels.filter((_, row) => treated[row] === arm);
    const outcomes = own.reduce((sum, label) => sum + label, 0);
    return { arm: arm === 1 ? names.treated : names.control, recipients: own.length, outcomes };
  });
}
