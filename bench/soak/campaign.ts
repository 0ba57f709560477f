import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import type { Context } from '../../src/flows/context.js';
import { createExperiment } from '../../src/flows/create-experiment.js';

export const experimentKey = 'soak';
export const waves = ['', 'reminder'] as const;

const subject = (text: string): object => ({ kind: 'static', slots: { offer: text } });

/** Every type of metric, a cohort, a filter, a cap, a denominator, a covariate and a second currency. */
const draft = {
  key: experimentKey,
  hypothesis: 'None: only the sums are looked at.',
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'plain', strategy: subject('Spring') },
        { key: 'other', strategy: subject('Summer') },
      ],
    },
  ],
  metrics: [
    'open',
    'click_to_open',
    'unsubscribe',
    'repeat_purchase',
    'new_category_orders',
    { use: 'conversion', role: 'primary' },
    { use: 'revenue', cap: '250.00', covariate: { window: '7d' } },
    {
      key: 'views',
      type: 'mean',
      event: 'view',
      where: [{ property: 'category', op: 'eq', value: 'shoes' }],
    },
    { key: 'speed', type: 'time_to_event', event: 'converted', direction: 'decrease' },
  ],
  currency: 'EUR',
  cohorts: ['country'],
  window: '14d',
  salt: 'soak',
};

export async function startCampaign(ctx: Context): Promise<void> {
  await createExperiment(ctx, draft);
  await changeStatus(ctx, experimentKey, 'start');
}

export interface RecipientRow {
  readonly id: string;
  readonly traits: { readonly country: string };
}

const countries = ['DE', 'FR', 'SE', 'AT'];

export function recipientRow(i: number): RecipientRow {
  return { id: `person-${i}@example.org`, traits: { country: countries[i % countries.length] ?? 'DE' } };
}

export function recipientRows(count: number): RecipientRow[] {
  return Array.from({ length: count }, (_, i) => recipientRow(i));
}

const atOnce = 5_000;

/** Enrols recipients for the first wave, and every other one for the second. @returns the message ids of the first. */
export async function enrolAll(ctx: Context, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const rows = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => recipientRow(from + i));
    for (const answer of await assignRecipients(ctx, experimentKey, rows)) {
      if (!('messageId' in answer)) throw new Error(`Not enrolled: ${JSON.stringify(answer)}`);
      ids.push(answer.messageId);
    }
    await assignRecipients(
      ctx,
      experimentKey,
      rows.filter((_, i) => inSecondWave(from + i)),
      { wave: waves[1] },
    );
  }
  return ids;
}

export function inSecondWave(recipient: number): boolean {
  return recipient % 2 === 0;
}
