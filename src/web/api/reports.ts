import { z } from 'zod';
import { loadReport } from '../../flows/load-report.js';
import { reportAsCsv } from '../../reports/as-csv.js';
import { type Report, reportSchema } from '../../reports/report.js';
import { experimentKey, snapshotId } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const list = z.array(z.looseObject({}));

/** The outline of a report; docs/report-schema.md has every field. */
export const reportOutline = z.looseObject({
  schema: z.literal(reportSchema),
  snapshot: z.string().optional().describe('Names this frozen copy: ask for it again with ?snapshot=.'),
  title: z.string(),
  source: z.looseObject({ kind: z.string() }),
  asOf: z.iso.datetime({ offset: true }),
  interim: z.string().optional().describe('Why no verdict may be given yet.'),
  level: z.number(),
  control: z.string(),
  factors: list,
  arms: list,
  verdict: z.looseObject({ kind: z.string(), sentence: z.string(), notes: z.array(z.string()) }),
  health: list,
  metrics: list,
  cohorts: list,
  charts: z.looseObject({}),
  definitions: list,
});

const exampleReport: Report = {
  schema: reportSchema,
  snapshot: 'r_8f14e45fceea167a5e3c',
  title: 'Does a personal subject bring more clicks?',
  source: { kind: 'experiment', key: 'spring-subject' },
  asOf: '2026-03-16T09:00:00.000Z',
  level: 0.95,
  control: 'plain',
  factors: [],
  arms: [],
  verdict: { kind: 'refused', sentence: 'Nobody is enrolled yet.', notes: [], arms: [] },
  health: [],
  metrics: [],
  cohorts: [],
  charts: { effects: [], cohorts: [] },
  definitions: [],
};

/** Made by the same code as a real answer. */
const tableStart = reportAsCsv(exampleReport);

const query = {
  snapshot: { description: 'An earlier frozen copy, by its id.', example: 'r_8f14e45fceea167a5e3c' },
};

export const reportRoutes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/v1/experiments/{key}/report',
    id: 'readReport',
    group: 'Reports',
    summary: 'The report as JSON',
    description: 'The same frozen snapshot as the page, the table and the e-mail show.',
    scopes: ['analyst'],
    query,
    answers: {
      200: jsonAnswer('The report.', reportOutline, exampleReport),
    },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(await loadReport(web.ctx, experimentKey(request), snapshotId(request)));
    },
  },
  {
    method: 'get',
    path: '/v1/experiments/{key}/report.csv',
    id: 'readReportTable',
    group: 'Reports',
    summary: 'The report as one table',
    scopes: ['analyst'],
    query,
    answers: {
      200: {
        description:
          'CSV with a header: arms, effects, cohorts and factors, one figure a line. These are its first lines.',
        content: { 'text/csv': { example: tableStart } },
      },
    },
    errors: [404],
    async handle({ web, request, response }) {
      const key = experimentKey(request);
      const report = await loadReport(web.ctx, key, snapshotId(request));
      response.type('text/csv').attachment(`postulate-${key}.csv`).send(reportAsCsv(report));
    },
  },
];
