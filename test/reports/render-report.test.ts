import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import type { Report } from '../../src/reports/report.js';
import { drawBars } from '../../src/web/interval-bar.js';
import { renderReportBody, renderReportEmail, renderReportFile } from '../../src/web/render-report.js';
import { sampleInput, spend, sumsOfAll, visit, visits } from './sample-input.js';

const hostile = '</script><script>alert(1)</script><b onload="x">';

function hostileReport(): Report {
  const city = { trait: hostile, value: hostile };
  const report = buildReport(
    sampleInput(
      ['A', hostile],
      [
        visits('A', 100, 1000), visits(hostile, 150, 1000),
        visits('A', 100, 1000, city), visits(hostile, 150, 1000, city),
        { metric: 'spend', arm: 'A', sums: sumsOfAll([100, 0, 300]) },
        { metric: 'spend', arm: hostile, sums: sumsOfAll([900, 0, 0]) },
      ],
      { title: hostile, hypothesis: hostile, cohorts: [hostile], metrics: [visit, spend] },
    ),
  ); // prettier-ignore
  return { ...report, snapshot: 'r_12345' };
}

function refusedReport(): Report {
  return buildReport(sampleInput(['A', 'B'], [], { metrics: [visit, spend], cohorts: ['city'] }));
}

describe('the page', () => {
  it('escapes everything that comes from outside', async () => {
    for (const html of [
      await renderReportBody(hostileReport(), { charts: true }),
      await renderReportFile(hostileReport()),
    ]) {
      expect(html).not.toMatch(/<script>|<b onload/);
      expect(html).toContain('&lt;script&gt;alert(1)');
    }
  });

  it('needs no inline style or script, so that a strict content security policy holds', async () => {
    const body = await renderReportBody(hostileReport(), {
      charts: true,
      links: { json: '/r.json', csv: '/r.csv' },
    });
    expect(body).not.toMatch(/\sstyle=|\son\w+="/);
    expect(body.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="report-charts">']);
    const data = /id="report-charts">([\s\S]*?)<\/script>/.exec(body)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual(hostileReport().charts);
    expect(body).toMatch(/<canvas id="effect-chart"[^>]*aria-label/);
    expect(body).toMatch(/href="\/r\.json".*href="\/r\.csv"/s);
  });

  it('has no canvas without charts, and shows the snapshot', async () => {
    const body = await renderReportBody(hostileReport());
    expect(body).not.toMatch(/<canvas|<script/);
    expect(body).toContain('r_12345');
  });

  it('gives every table a caption and scopes, and every drawing a name', async () => {
    const body = await renderReportBody(hostileReport());
    const tables = body.match(/<table/g)?.length ?? 0;
    expect(tables).toBeGreaterThan(2);
    expect(body.match(/<caption/g)).toHaveLength(tables);
    expect(body).not.toMatch(/<th(?![^>]*scope=)[\s>]/);
    expect(body).not.toMatch(/<svg(?![^>]*aria-label="[^"]+")/);
  });

  it('says why where there is no number', async () => {
    const body = await renderReportBody(refusedReport());
    expect(body).toContain('No verdict');
    expect(body).not.toMatch(/NaN|undefined|null/);
  });
});

describe('the file', () => {
  it('stands alone: styles inside, no script, nothing from elsewhere', async () => {
    const html = await renderReportFile(hostileReport());
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toMatch(/--paper:/);
    expect(html).not.toMatch(/<link|<script|<img|src=|@import|url\(/);
    expect(html).toMatch(/default-src 'none'/);
  });
});

describe('the e-mail', () => {
  it('is tables with inline styles, and says the same as text', async () => {
    const mail = await renderReportEmail(hostileReport(), {
      pageUrl: 'https://example.org/experiments/a?x=1&y="',
    });
    expect(mail.subject).toMatch(/^Better: /);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toMatch(/<script|<svg|<style|class=/);
    expect(mail.html).toContain('href="https://example.org/experiments/a?x=1&amp;y=&#34;"');
    for (const part of [mail.html, mail.text]) expect(part).toContain('r_12345');
    expect(mail.text).toContain('The whole report: https://example.org/experiments/a');
  });
});

describe('interval bars', () => {
  const estimate = (lower: number | null, value: number, upper: number | null) => ({
    lower,
    value,
    upper,
    text: '',
    intervalText: '',
  });

  it('share one scale that shows zero', () => {
    const [a, b] = drawBars([estimate(1, 2, 3), estimate(-1, 0, 1)]);
    expect(a).toMatchObject({ zero: 54, from: 100, value: 146, to: 192, side: 'above' });
    expect(b).toMatchObject({ zero: 54, from: 8, to: 100, side: 'both' });
  });

  it('are open where there is no bound, and absent for a refusal', () => {
    const [open, none] = drawBars([estimate(1, 2, null), { refused: true, code: 'too_few', reason: '' }]);
    expect(open).toMatchObject({ openRight: true, openLeft: false, to: 200 });
    expect(none).toBeUndefined();
  });
});
