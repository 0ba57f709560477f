import { tableOf, takeRows } from '../../../../src/strategies/ml/table.js';
import type { TrialTable } from '../../../../src/strategies/ml/uplift/learner.js';
import { sharedRows } from '../../../support/shared-data.js';

/** Women's mail against none, visits: even rows to learn from, odd ones to measure on. */
export function hillstromTrials(): { readonly train: TrialTable; readonly test: TrialTable } | undefined {
  const rows = sharedRows('hillstrom.csv.gz');
  if (!rows) return undefined;
  const names = ['recency', 'history', 'mens', 'womens', 'newbie'];
  const cells = rows.map((row) => [...names.map((name) => Number(row[name])), row.zip_code, row.channel]);
  const table = tableOf([...names, 'zip_code', 'channel'], cells);
  const part = (parity: number): TrialTable => {
    const own = Int32Array.from(rows.keys()).filter(
      (row) => row % 2 === parity && rows[row]?.segment !== 'Mens E-Mail',
    );
    return {
      table: takeRows(table, own),
      treated: Uint8Array.from(own, (row) => (rows[row]?.segment === 'Womens E-Mail' ? 1 : 0)),
      labels: Uint8Array.from(own, (row) => Number(rows[row]?.visit)),
      treatedShare: 0.5,
    };
  };
  return { train: part(0), test: part(1) };
}
