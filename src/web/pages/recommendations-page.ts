import { PostulateError } from '../../errors.js';
import { findNeighbours, type NeighboursFound } from '../../flows/find-neighbours.js';
import { findProfile } from '../../flows/find-profile.js';
import { recommendingNames } from '../../flows/find-recommending.js';
import { type NoList, type PulledList, pullLists } from '../../flows/pull-lists.js';
import { recommend, type Recommended } from '../../flows/recommend.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { traceView } from '../trace-view.js';
import { render, type Page, type PageCall } from './page.js';

async function show(call: PageCall): Promise<void> {
  const names = await recommendingNames(call.web.ctx);
  const recipient = textOf(call.request.query['recipient']);
  const asked = textOf(call.request.query['strategy']);
  const strategy = names.includes(asked) ? asked : (names[0] ?? '');
  const found = recipient === '' || strategy === '' ? undefined : await lookUp(call, strategy, recipient);
  if (found && 'problem' in found) call.response.status(found.status);
  await render(call, 'recommendations', {
    title: 'Recommendations',
    nav: 'data',
    ...{
      recipient,
      strategies: names.map((name) => ({ name, chosen: name === strategy })),
      problem: found && 'problem' in found ? found.problem : undefined,
      found: found && 'recommended' in found ? viewOf(found) : undefined,
    },
  });
}

interface Found {
  readonly recipient: string;
  readonly recommended: Recommended;
  readonly neighbours: NeighboursFound | { readonly why: string };
  readonly list: PulledList | NoList;
}

interface Problem {
  readonly problem: string;
  readonly status: number;
}

/** What cannot be shown is said on the page: the way on from there is another name or another id. */
async function lookUp({ web }: PageCall, strategy: string, recipient: string): Promise<Found | Problem> {
  try {
    const { recipientKey } = await findProfile(web.ctx, recipient);
    const recommended = await recommend(web.ctx, strategy, recipientKey);
    const [list] = await pullLists(web.ctx, strategy, [recipient]);
    if (!list) throw new Error('a recipient was left without an answer');
    return { recipient, recommended, list, neighbours: await neighboursOf(web.ctx, strategy, recipient) };
  } catch (error) {
    if (!(error instanceof PostulateError)) throw error;
    return { problem: error.message, status: error.kind === 'not_found' ? 404 : 409 };
  }
}

async function neighboursOf(
  ctx: PageCall['web']['ctx'],
  name: string,
  recipient: string,
): Promise<Found['neighbours']> {
  try {
    return await findNeighbours(ctx, recipient, { name });
  } catch (error) {
    if (error instanceof PostulateError && error.kind !== 'unavailable') return { why: error.message };
    throw error;
  }
}

function viewOf({ recipient, recommended, neighbours, list }: Found) {
  const { strategy, model, method, clock, reason, items, trace, tooLong } = recommended;
  return {
    ...{ strategy, model, method, tooLong },
    recipient: shownText(recipient, 256),
    clock: { iso: clock, text: shownTime(new Date(clock)) },
    reason: shownText(reason),
    items: items.map((one) => ({
      item: shownText(one.item),
      title: one.title === undefined ? undefined : shownText(one.title, 120),
      category: one.category === undefined ? undefined : shownText(one.category),
      score: String(Number(one.score.toPrecision(3))),
      reason: shownText(one.reason),
    })),
    trace: traceView(trace),
    list: listView(list),
    neighbours: 'why' in neighbours ? { why: neighbours.why, rows: [] } : neighboursView(neighbours),
  };
}

function listView(list: PulledList | NoList) {
  if ('error' in list) return { why: list.error.message, items: [] };
  return {
    model: list.model,
    clock: { iso: list.clock, text: shownTime(new Date(list.clock)) },
    items: list.items.map(({ item }) => shownText(item)),
  };
}

function neighboursView({ learnedUntil, items, neighbours }: NeighboursFound) {
  return {
    learnedUntil: { iso: learnedUntil, text: shownTime(new Date(learnedUntil)) },
    known: items.length,
    rows: neighbours.map(({ recipient, recipientKey, similarity, shared }) => ({
      id: recipient,
      shown: shownText(recipient ?? recipientKey, 256),
      similarity: similarity.toFixed(3),
      width: Math.round(100 * Math.min(Math.max(similarity, 0), 1)),
      shared: shared.slice(0, 8).map((item) => shownText(item)),
      more: Math.max(0, shared.length - 8),
    })),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const recommendationsPage: Page = {
  method: 'get',
  path: '/recommendations',
  scopes: ['analyst'],
  handle: show,
};
