import { PostulateError } from '../../errors.js';
import { listLearned } from '../../flows/learn-strategy.js';
import { listSnapshots, takeSnapshot } from '../../flows/take-snapshot.js';
import { readForm } from '../form.js';
import { shownTime } from '../shown-time.js';
import { goTo, render, type Page, type PageCall } from './page.js';

async function show(call: PageCall, message?: string): Promise<void> {
  if (message !== undefined) call.response.status(409);
  const snapshots = await listSnapshots(call.web.ctx);
  const learned = await listLearned(call.web.ctx);
  await render(call, 'catalogue', {
    title: 'Catalogue',
    nav: 'data',
    ...{
      message,
      snapshots: snapshots.map((one) => ({ ...one, time: shownTime(new Date(one.createdAt)) })),
      learned: learned.map((one) => ({
        ...one,
        time: shownTime(new Date(one.clock)),
        recipients: one.source.recipients.toLocaleString('en'),
        events: one.source.events.toLocaleString('en'),
      })),
    },
  });
}

async function take(call: PageCall): Promise<void> {
  await readForm(call.request, call.session);
  try {
    await takeSnapshot(call.web.ctx);
  } catch (error) {
    if (!(error instanceof PostulateError)) throw error;
    return show(call, error.message);
  }
  goTo(call.response, '/catalogue');
}

export const cataloguePages: readonly Page[] = [
  { method: 'get', path: '/catalogue', scopes: ['analyst'], handle: (call) => show(call) },
  { method: 'post', path: '/catalogue', scopes: ['admin'], handle: take },
];
