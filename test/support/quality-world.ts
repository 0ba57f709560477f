import type { Knex } from 'knex';
import { feedExperiment } from './feed-experiment.js';
import { insertEnrolment, insertRunning } from './feed-rows.js';

/** A recipient for every consistency rule, who breaks it, and one who breaks none. All arrived on 1 March 2026. */
export async function insertQualityWorld(db: Knex): Promise<void> {
  await insertRunning(db, feedExperiment('spring'), '2026-02-01T00:00:00Z');
  for (const key of ['good', 'bouncer', 'early']) await insertEnrolment(db, 'spring', key, 0);
  await db('items').insert({ item: 'shoe', source: 'shop', updated_at: '2026-02-01T00:00:00Z' });
  await db('profiles').insert([
    {
      recipient_key: 'good',
      traits: { country: 'AT', birth_date: '1990-01-01' },
      updated_at: '2026-02-01T00:00:00Z',
    },
    {
      recipient_key: 'unborn',
      traits: { country: 'AT', birth_date: '2026-03-01' },
      updated_at: '2026-02-01T00:00:00Z',
    },
    { recipient_key: 'blank', traits: {}, updated_at: '2026-02-01T00:00:00Z' },
  ]);
  let ids = 0;
  const event = (fields: object) => ({
    id: `q-${(ids += 1)}`,
    source: 'test',
    at: '2026-02-21T00:00:00Z',
    received_at: '2026-03-01T00:00:00Z',
    ...fields,
  });
  const bought = { type: 'purchase', value: 1000, currency: 'EUR', at: '2026-02-22T00:00:00Z' };
  const gaveBack = { type: 'refund', currency: 'EUR', at: '2026-02-23T00:00:00Z' };
  const rows: Record<string, unknown>[] = [
    ...['good', 'bouncer', 'early'].flatMap((key) => [
      { message_id: `m-spring-${key}`, type: 'sent', at: '2026-02-20T00:00:00Z' },
      { message_id: `m-spring-${key}`, type: 'sent', at: '2026-02-25T00:00:00Z' },
    ]),
    { recipient_key: 'good', type: 'view', item: 'shoe' },
    { recipient_key: 'good', ...bought, order_id: 'o1' },
    { recipient_key: 'good', ...gaveBack, value: -1000, order_id: 'o1' },
    { recipient_key: 'good', ...gaveBack, id: 'mistake', value: -1, order_id: 'o1' },
    { recipient_key: 'good', type: 'void', target: 'mistake' },
    // Bounced, and opened by a scanner alone.
    { message_id: 'm-spring-good', type: 'opened', class: 'scanner' },
    { message_id: 'm-spring-good', type: 'bounced', at: '2026-02-19T00:00:00Z' },
    { message_id: 'm-spring-good', type: 'clicked', at: '2026-02-19T00:00:00Z' },
    { recipient_key: 'unseen', ...bought, order_id: 'o2' },
    { recipient_key: 'unseen', type: 'view', at: '2026-02-22T00:00:01Z' },
    { recipient_key: 'greedy', type: 'view' },
    { recipient_key: 'greedy', ...bought, order_id: 'o3' },
    { recipient_key: 'greedy', ...gaveBack, value: -600, order_id: 'o3' },
    { recipient_key: 'greedy', ...gaveBack, value: -600, order_id: 'o3' },
    { message_id: 'm-spring-bouncer', type: 'bounced' },
    { message_id: 'm-spring-bouncer', type: 'opened', class: 'unknown' },
    { message_id: 'm-spring-early', type: 'clicked', at: '2026-02-18T23:59:59Z' },
    { message_id: 'm-nobody', type: 'opened', at: '2026-03-01T00:05:01Z' },
    { recipient_key: 'hasty', type: 'view', at: '2026-03-01T00:05:01Z' },
    { recipient_key: 'odd', type: 'view', item: 'unheard-of' },
  ];
  await db('events').insert(rows.map(event));
}
