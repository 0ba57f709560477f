import { expect, it } from 'vitest';
import { reportAsCsv } from '../../src/reports/as-csv.js';
import { reportAsText } from '../../src/reports/as-text.js';
import { buildReport } from '../../src/reports/build-report.js';
import type { ReportInput } from '../../src/reports/report-input.js';
import { renderReportBody, renderReportEmail } from '../../src/web/render-report.js';
import { sampleInput, visits } from './sample-input.js';

const cells = [visits('A', 100, 1000), visits('B', 120, 1000)];
const reportOf = (change: Partial<ReportInput>) => buildReport(sampleInput(['A', 'B'], cells, change));

const caught = {
  delivered: [
    { arm: 'A', delivered: 'strategy', recipients: 1000 },
    { arm: 'B', delivered: 'strategy', recipients: 988 },
    { arm: 'B', delivered: 'fallback', reason: 'no rule matched', recipients: 5 },
    {
      arm: 'B',
      delivered: 'fallback',
      reason: 'slot offer was left out or blank',
      recipients: 7,
      blank: true,
    },
  ],
  rendered: [
    { arm: 'B', instead: 'fallback', reason: 'user.name is missing', messages: 40, blank: true },
    { arm: 'B', instead: 'plain', reason: 'the template takes too long', messages: 2, blank: false },
  ],
} as const;

it('tells by arm what could not be rendered as meant, what went out instead, and blanks that were caught', () => {
  const { delivery } = reportOf(caught);
  expect(delivery?.arms[0]).toMatchObject({ rendered: [], blanks: { choices: 0, messages: 0 } });
  expect(delivery?.arms[1]).toMatchObject({
    delivered: 988,
    rendered: [
      { instead: 'fallback', reason: 'user.name is missing', messages: 40 },
      { instead: 'plain', reason: 'the template takes too long', messages: 2 },
    ],
    blanks: { choices: 7, messages: 40 },
  });
  expect(delivery?.arms[1]?.text).toMatch(
    /; rendered otherwise than meant: 40 from the fallback because user.name is missing and 2 without the template because .*; blanks that were caught: 7 choices and 40 messages$/,
  );
});

it('says so in text, CSV and on the page, also where every choice was delivered', async () => {
  const report = reportOf({ delivered: caught.delivered.slice(0, 1), rendered: caught.rendered });
  expect(reportAsText(report)).toMatch(/DELIVERED\n[^]*40 from the fallback/);
  const rows = reportAsCsv(report).split('\n');
  expect(rows.filter((row) => /^(rendered_fallback|rendered_plain|blanks)/.test(row))).toHaveLength(3);
  const page = await renderReportBody(report);
  expect(page).toContain('40 from the fallback: <bdi>user.name is missing</bdi>');
  const email = await renderReportEmail(report);
  expect(email.html).toContain('2 rendered without the template: the template takes too long');
  expect(email.text).toContain('DELIVERED');
  expect(page).toContain('blanks that were caught: 0 choices and 40 messages');
});

it('says nothing where everything went as meant', async () => {
  const report = reportOf({ delivered: caught.delivered.slice(0, 1), rendered: [] });
  expect(reportAsText(report)).not.toContain('DELIVERED');
  expect((await renderReportEmail(report)).html).not.toContain('Delivered');
  expect(reportAsCsv(report)).not.toMatch(/^(rendered|blanks)/m);
});
