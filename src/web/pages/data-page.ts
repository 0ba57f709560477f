import { readFreshness } from '../../flows/read-freshness.js';
import { freshnessView } from '../freshness-view.js';
import { dataLinks } from './data-links.js';
import { render, type Page } from './page.js';

export const dataPage: Page = {
  method: 'get',
  path: '/data',
  scopes: ['analyst'],
  async handle(call) {
    const view = freshnessView(await readFreshness(call.web.ctx));
    await render(call, 'data', { title: 'Data', nav: 'data', ...{ view, dataLinks } });
  },
};
