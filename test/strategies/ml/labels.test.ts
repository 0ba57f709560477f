import { describe, expect, it } from 'vitest';
import { labelsOf, rowsAt } from '../../../src/strategies/ml/labels.js';

const day = 86_400_000;
const viewed = (at: number) => ({ type: 'view', at: at * day }) as never;
const said = (at: number) => ({ orders: { value: 3, at: at * day } });

describe('rows to learn from', () => {
  it('are whoever was known at the cut-off, whatever they did later', () => {
    const histories = new Map([
      ['came', [viewed(12)]],
      ['too-late', [viewed(12)]],
    ]);
    const traits = new Map([
      ['came', said(1)],
      ['stayed-away', said(1)],
      ['never-known', said(20)],
    ]);
    const rows = rowsAt({ histories, traits }, {}, [10 * day]);
    expect(rows.recipients).toEqual(['came', 'stayed-away']);
    expect([...rows.gaps]).toEqual([['not known at the cut-off yet', 2]]);
    expect([...labelsOf(rows, histories, { event: 'view', count: 1 }, 7 * day)]).toEqual([1, 0]);
  });
});
