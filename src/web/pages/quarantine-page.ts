import { listQuarantine, quarantineKinds } from '../../flows/list-quarantine.js';
import { quarantineQuery } from '../api/quality-parameters.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { render, type Page } from './page.js';

const USUAL_LIMIT = 100;
const LONGEST_ROW = 2_000;
const LONGEST_REASON = 400;

export const quarantinePage: Page = {
  method: 'get',
  path: '/quarantine',
  scopes: ['analyst'],
  async handle(call) {
    const query = quarantineQuery(call.request, USUAL_LIMIT);
    const rows = await listQuarantine(call.web.ctx, query);
    await render(call, 'quarantine', {
      title: 'Quarantine',
      nav: 'data',
      ...{
        kinds: quarantineKinds,
        kind: query.kind,
        limit: query.limit,
        rows: rows.map((row) => ({
          ...row,
          time: shownTime(new Date(row.receivedAt)),
          source: shownText(row.source),
          path: row.path === undefined ? undefined : shownText(row.path),
          message: shownText(row.message, LONGEST_REASON),
          row: shownText(row.row, LONGEST_ROW),
        })),
      },
    });
  },
};
