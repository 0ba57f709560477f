import type { z } from 'zod';
import type { draftSchema } from './draft.js';
import type { metricDraftSchema } from './metric-draft.js';

/** A complete draft, as the documentation and the form for a new experiment show it. */
export const exampleDraft: Omit<z.input<typeof draftSchema>, 'metrics'> & {
  metrics: z.input<typeof metricDraftSchema>[];
} = {
  key: 'spring-offer',
  title: 'Spring offer: rules against one offer for all',
  hypothesis: 'Choosing the offer by what somebody bought before brings more orders than one offer for all.',
  factors: [
    {
      key: 'strategy',
      title: 'Strategy',
      levels: [
        {
          key: 'same-for-all',
          title: 'Same for all',
          strategy: { kind: 'static', slots: { headline: 'Spring is here', offer: '10 % off everything' } },
        },
        {
          key: 'by-history',
          title: 'By history',
          strategy: {
            kind: 'rules',
            rules: [
              {
                id: 'loyal',
                priority: 10,
                when: { trait: 'orders', op: 'gte', value: 3 },
                slots: { headline: 'Thank you for coming back', offer: 'A gift with your next order' },
              },
              {
                id: 'new-in-the-north',
                when: {
                  all: [
                    { trait: 'orders', op: 'lt', value: 3 },
                    { trait: 'country', op: 'in', value: ['SE', 'NO', 'FI'] },
                  ],
                },
                slots: { headline: 'Light evenings ahead', offer: 'Free delivery to the north' },
              },
            ],
            default: { headline: 'Spring is here', offer: '10 % off everything' },
          },
        },
      ],
    },
    {
      key: 'subject',
      title: 'Subject line',
      levels: [
        { key: 'plain', title: 'Plain', slots: { subject: 'Our spring collection' } },
        { key: 'question', title: 'Question', slots: { subject: 'Ready for spring?' } },
      ],
    },
  ],
  control: 'same-for-all/plain',
  weights: [1, 1, 1, 1],
  traffic: 1,
  metrics: [
    {
      key: 'order',
      title: 'Ordered',
      type: 'proportion',
      event: 'converted',
      role: 'primary',
      direction: 'increase',
    },
    {
      key: 'revenue',
      title: 'Revenue per recipient',
      type: 'money',
      event: 'converted',
      direction: 'increase',
    },
    { key: 'click', title: 'Clicked', type: 'proportion', event: 'clicked', direction: 'increase' },
    {
      key: 'unsubscribe',
      title: 'Unsubscribed',
      type: 'proportion',
      event: 'unsubscribed',
      role: 'guardrail',
    },
  ],
  cohorts: [{ trait: 'country', values: ['DE', 'SE', 'NO', 'FI'] }, 'newsletter'],
  currency: 'EUR',
  window: '14d',
  plan: { baseline: 0.03, smallestUplift: 0.2 },
};
