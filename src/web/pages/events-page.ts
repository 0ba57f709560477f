import { countEvents, MOST_LOOKED, watchEvents } from '../../flows/watch-events.js';
import { countText } from '../../reports/format.js';
import { experimentKey } from '../api/parameters.js';
import { feedView } from '../feed-view.js';
import { render, renderView, type Page, type PageCall } from './page.js';

const SHOWN = 50;

async function liveLocals(call: PageCall) {
  const key = experimentKey(call.request);
  const feed = await watchEvents(call.web.ctx, key, { limit: SHOWN });
  const counts = await countEvents(call.web.ctx, key);
  return {
    experiment: feed.experiment,
    feed: feedView(feed, counts),
    shown: SHOWN,
    mostLooked: countText(MOST_LOOKED),
  };
}

async function show(call: PageCall): Promise<void> {
  const locals = await liveLocals(call);
  const title = `Events: ${locals.experiment.title}`;
  await render(call, 'events', { title, nav: 'experiments', ...locals });
}

/** The part of the page that a script fetches again and again. */
async function refresh(call: PageCall): Promise<void> {
  const html = await renderView(call.response, 'events-live', await liveLocals(call));
  call.response.type('html').send(html);
}

export const eventsPages: readonly Page[] = [
  { method: 'get', path: '/experiments/{key}/events', scopes: ['analyst'], handle: show },
  { method: 'get', path: '/experiments/{key}/events/live', scopes: ['analyst'], handle: refresh },
];
