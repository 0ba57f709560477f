import { listExperiments } from '../../flows/find-experiment.js';
import { render, type Page } from './page.js';

export const listPage: Page = {
  method: 'get',
  path: '/',
  scopes: [],
  async handle(call) {
    const experiments = await listExperiments(call.web.ctx);
    await render(call, 'list', { title: 'Experiments', nav: 'experiments', ...{ experiments } });
  },
};
