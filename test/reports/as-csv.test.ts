import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { reportAsCsv } from '../../src/reports/as-csv.js';
import { buildReport } from '../../src/reports/build-report.js';
import { sampleInput, visits } from './sample-input.js';

const hostile = '=cmd|"/c calc"!A1, "x"\nline';

function table(): Record<string, string>[] {
  const cells = [
    visits('A', 0, 1000), visits(hostile, 150, 1000),
    visits('A', 10, 100, { trait: 'city', value: '+1' }), visits(hostile, 20, 100, { trait: 'city', value: '+1' }),
  ]; // prettier-ignore
  const csv = reportAsCsv(buildReport(sampleInput(['A', hostile], cells, { cohorts: ['city'] })));
  expect(csv.split('\r\n').length).toBeGreaterThan(4);
  return parse(csv, { columns: true });
}

it('is one tidy table of full numbers', () => {
  const rows = table();
  expect(rows.map((row) => row['row'])).toEqual(['arm', 'arm', 'comparison', 'cohort', 'interaction']);
  expect(rows[1]).toMatchObject({ metric: 'visit', n: '1000', nonzero: '150', total: '150', value: '0.15' });
  expect(rows[2]).toMatchObject({ against: 'A', difference: '0.15', refused: 'baseline_zero', uplift: '' });
  expect(Number(rows[2]?.['p'])).toBeLessThan(1e-30);
});

it('lets no text become a formula, and keeps negative numbers numbers', () => {
  const rows = table();
  expect(rows[1]?.['arm']).toBe(`'${hostile}`);
  expect(rows[3]?.['cohort']).toBe("'+1");
  const worse = reportAsCsv(
    buildReport(sampleInput(['A', 'B'], [visits('A', 20, 100), visits('B', 10, 100)])),
  );
  expect(worse).toMatch(/,-0\.1,/);
});
