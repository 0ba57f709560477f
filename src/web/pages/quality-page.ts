import { checkQuality, type CheckedQuality } from '../../flows/check-quality.js';
import { qualityQuery } from '../api/quality-parameters.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { render, type Page } from './page.js';

export const qualityPage: Page = {
  method: 'get',
  path: '/quality',
  scopes: ['analyst'],
  async handle(call) {
    const query = qualityQuery(call.request);
    const report = await checkQuality(call.web.ctx, query);
    const required = query.required?.join(', ') ?? '';
    await render(call, 'quality', {
      title: 'Data quality',
      nav: 'data',
      ...{ view: qualityView(report), days: String(report.days), required },
    });
  },
};

function qualityView({ asOf, completeness, format, consistency, findings }: CheckedQuality) {
  return {
    asOf: { iso: asOf, text: `${shownTime(new Date(asOf))} UTC` },
    findings: findings.map((finding) => shownText(finding, 600)),
    completeness: {
      profiles: count(completeness.profiles),
      none: completeness.profiles === 0,
      incomplete: count(completeness.incomplete),
      share: percent(completeness.share),
      most: percent(completeness.threshold),
      past: completeness.past,
      expected: completeness.expected.map((name) => shownText(name)).join(', '),
      traits: completeness.traits.map((row) => ({
        trait: shownText(row.trait),
        known: count(row.known),
        share: percent(row.share),
        expected: row.expected,
      })),
    },
    format: {
      refused: count(format.refused),
      most: count(format.threshold),
      past: format.past,
      rows: format.rows.map((row) => ({ ...row, path: shownText(row.path), n: count(row.n) })),
    },
    consistency: consistency.map((row) => ({
      ...row,
      checked: count(row.checked),
      violations: count(row.violations),
      share: percent(row.share),
      most: percent(row.threshold),
    })),
  };
}

function count(n: number): string {
  return n.toLocaleString('en');
}

/** Never `0 %` for what has happened, nor `100 %` for what has not. */
function percent(share: number | undefined): string {
  if (share === undefined) return '–';
  if (share > 0 && share < 0.001) return '<0.1 %';
  if (share < 1 && share > 0.999) return '>99.9 %';
  return `${Number((share * 100).toFixed(1))} %`;
}
