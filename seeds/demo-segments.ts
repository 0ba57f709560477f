/** Audiences that most shops ask for first; also the examples of the documentation. */
export const demoSegments = [
  {
    name: 'recent-buyers',
    title: 'Recent Buyers',
    description: 'Bought within the last 7 days.',
    when: { event: 'purchase', within: '7d' },
  },
  {
    name: 'high-value',
    title: 'High-Value',
    description: 'Spent at least 150 euros within a year, less what went back.',
    when: { feature: 'spend(EUR, 365d)', op: 'at_least', value: 150 },
  },
  {
    name: 'engaged',
    title: 'Engaged',
    description: 'An engagement score of 10 or more: a purchase, or several opens, clicks and views.',
    when: { feature: 'engagement_score', op: 'at_least', value: 10 },
  },
  {
    name: 'browsing',
    title: 'Browsing',
    description: 'Viewed something within 3 days and did not buy since.',
    when: { all: [{ event: 'view', within: '3d' }, { not: { event: 'purchase', within: '3d' } }] },
  },
  {
    name: 'purchaser',
    title: 'Purchaser',
    description: 'Bought at least once.',
    when: { event: 'purchase' },
  },
  {
    name: 'opened-not-bought',
    title: 'Opened, not bought',
    description: 'A human opened a mail within 3 days, who is no recent buyer.',
    when: { all: [{ event: 'opened', within: '3d' }, { not: { segment: 'recent-buyers' } }] },
  },
] as const;
