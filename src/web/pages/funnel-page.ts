import { loadFunnel } from '../../flows/load-funnel.js';
import { loadMaturity } from '../../flows/load-maturity.js';
import { experimentKey } from '../api/parameters.js';
import { dailyViews } from '../daily-view.js';
import { funnelView, funnelWidth } from '../funnel-view.js';
import { maturityHeight, maturityView, maturityWidth } from '../maturity-view.js';
import { sparkHeight, sparkWidth } from '../spark-line.js';
import { shownTime } from '../shown-time.js';
import { render, type Page } from './page.js';

export const funnelPage: Page = {
  method: 'get',
  path: '/experiments/{key}/funnel',
  scopes: ['analyst'],
  async handle(call) {
    const { asOf, experiment, funnel, days } = await loadFunnel(call.web.ctx, experimentKey(call.request));
    const maturity = maturityView(await loadMaturity(call.web.ctx, experiment.key));
    await render(call, 'funnel', {
      title: `Funnel: ${experiment.title}`,
      nav: 'experiments',
      ...{
        experiment,
        asOf: { iso: asOf.toISOString(), text: `${shownTime(asOf)} UTC` },
        funnel: funnelView(experiment, funnel),
        funnelWidth,
        maturity,
        maturityWidth,
        maturityHeight,
        daily: dailyViews(experiment, days),
        sparkWidth,
        sparkHeight,
      },
    });
  },
};
