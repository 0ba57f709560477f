import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ejs from 'ejs';
import { packageRoot } from '../package-root.js';
import type { ReportMailExtras } from '../flows/send-report.js';
import { reportAsText } from '../reports/as-text.js';
import type { Report } from '../reports/report.js';
import { printable } from '../reports/text-table.js';
import { barHeight, barWidth } from './interval-bar.js';
import { reportView } from './report-view.js';
import { shownText } from './shown-text.js';

export interface ReportLinks {
  readonly json?: string;
  readonly csv?: string;
}

export interface BodyOptions {
  readonly links?: ReportLinks;
  /** Adds the chart data and the canvases that `public/charts.js` draws on. */
  readonly charts?: boolean;
}

export interface ReportEmail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

const views = join(packageRoot(), 'views', 'report');

/** The report as the inside of a page; needs `public/report.css`. */
export async function renderReportBody(report: Report, options: BodyOptions = {}): Promise<string> {
  return render('body', {
    report: reportView(report),
    charts: options.charts === true ? chartData(report) : undefined,
    chartList: report.charts,
    links: options.links ?? {},
  });
}

/** The report as one file that needs nothing else: no script, no network, styles inside. */
export async function renderReportFile(report: Report): Promise<string> {
  const css = await readFile(join(packageRoot(), 'public', 'report.css'), 'utf8');
  return render('file', { title: report.title, css, body: await renderReportBody(report) });
}

/** The report as an e-mail: HTML of tables and inline styles without script or drawing, and the same as text. */
export async function renderReportEmail(
  report: Report,
  { pageUrl, alerts = [] }: ReportMailExtras = {},
): Promise<ReportEmail> {
  const view = reportView(report);
  const html = await render('email', {
    report: view,
    pageUrl,
    alerts: alerts.map((one) => shownText(oneLine(one, 600), 600)),
  });
  const link = pageUrl === undefined ? '' : `\nThe whole report: ${pageUrl}\n`;
  return {
    subject: oneLine(`${view.verdict.label}: ${report.title}`),
    html,
    text: alertLines(alerts) + reportAsText(report) + link,
  };
}

function alertLines(alerts: readonly string[]): string {
  if (alerts.length === 0) return '';
  const lines = alerts.map((message) => `  - ${printable(oneLine(message, 600))}`);
  return `OPEN ALERTS about models that arms of this experiment decide by\n${lines.join('\n')}\n\n`;
}

async function render(view: string, data: object): Promise<string> {
  const shared = { barWidth, barHeight };
  return ejs.renderFile(join(views, `${view}.ejs`), { ...shared, ...data }, { cache: true });
}

/** Safe inside a script element: nothing in it can end the element or open a comment. */
function chartData(report: Report): string {
  return JSON.stringify(report.charts)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function oneLine(text: string, most = 200): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, most);
}
