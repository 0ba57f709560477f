import { expect, it } from 'vitest';
import type { Answer } from '../../bench/soak/client.js';
import { eventsOf } from '../../bench/soak/events.js';
import { Ledger } from '../../bench/soak/ledger.js';
import { Violations } from '../../bench/soak/outcome.js';
import { eventWork, type Work } from '../../bench/soak/work.js';

/** The judge of the soak: what it must see, and what it must not take for a fault. */

const start = new Date('2026-03-01T00:00:00Z');
const [event] = eventsOf({ seed: 7, recipients: 5, start }, 0, 1);
const work: Work = eventWork(event ? [event] : []);

const answered = (status: string): Answer => ({
  status: 200,
  type: 'application/json',
  body: { results: [{ id: event?.id, status }] },
  ms: 1,
});

function judged(): { violations: Violations; call: (status: string | Promise<string>) => Promise<unknown> } {
  const violations = new Violations();
  const ledger = new Ledger(violations);
  const call = (status: string | Promise<string>): Promise<unknown> =>
    ledger.post({ post: async () => answered(await status) }, 'http://service', work);
  return { violations, call };
}

it('sees an event that is new again after it was acknowledged', async () => {
  const { violations, call } = judged();
  await call('duplicate');
  await call('recorded');
  expect(violations.list()).toEqual([`event ${event?.id} was acknowledged and is new again`]);
});

it('sees an event that two calls at the same time record as new', async () => {
  const { violations, call } = judged();
  await Promise.all([call('recorded'), call('recorded')]);
  expect(violations.list()).toEqual([`event ${event?.id} was recorded as new twice`]);
});

it('lets a duplicate overtake the answer to the call that recorded the event', async () => {
  const { violations, call } = judged();
  let answer: (status: string) => void = () => undefined;
  const first = call(new Promise<string>((resolve) => (answer = resolve)));
  await call('duplicate');
  answer('recorded');
  await first;
  expect(violations.list()).toEqual([]);
});
