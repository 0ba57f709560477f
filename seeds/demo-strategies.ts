/** What the demo shop delivers: texts of its library, and strategies that name them. */

export const demoContents = [
  { name: 'spring', body: 'Spring is here' },
  { name: 'ten-percent', body: '10 % off everything' },
  { name: 'gift', body: 'A gift with your next order' },
  { name: 'north-delivery', body: 'Free delivery to the north' },
] as const;

const forEverybody = { headline: { content: 'spring' }, offer: { content: 'ten-percent' } };

export const oneOffer = {
  name: 'one-offer',
  definition: { kind: 'static', slots: forEverybody },
} as const;

const loyal = {
  id: 'loyal',
  priority: 10,
  when: { trait: 'orders', op: 'gte', value: 3 },
  slots: { headline: 'Thank you for coming back', offer: { content: 'gift' } },
};
const north = {
  id: 'new-in-the-north',
  when: {
    all: [
      { trait: 'orders', op: 'lt', value: 3 },
      { trait: 'country', op: 'in', value: ['SE', 'NO', 'FI'] },
    ],
  },
  slots: { headline: 'Light evenings ahead', offer: { content: 'north-delivery' } },
};
const leftCart = {
  id: 'left-a-cart',
  purpose: 'Something lies in the cart since four hours or more, and nothing was bought since.',
  priority: 5,
  when: {
    all: [
      { event: 'cart', within: '7d' },
      { not: { event: 'cart', within: '4h' } },
      { not: { event: 'purchase', within: '7d' } },
    ],
  },
  slots: { headline: 'Still thinking it over?', offer: { content: 'ten-percent' } },
};

const testsOfTraits = [
  { name: 'three orders are loyal', traits: { orders: 3 }, expect: { rule: 'loyal' } },
  { name: 'two orders are not', traits: { orders: 2, country: 'DE' }, expect: { rule: 'default' } },
  { name: 'new in Sweden', traits: { orders: 0, country: 'SE' }, expect: { rule: 'new-in-the-north' } },
  { name: 'loyal in Sweden', traits: { orders: 5, country: 'SE' }, expect: { rule: 'loyal' } },
  { name: 'nobody knows', expect: { rule: 'default' } },
];
const testsOfCarts = [
  { name: 'a cart since yesterday', events: [{ type: 'cart', ago: '1d' }], expect: { rule: 'left-a-cart' } },
  { name: 'still shopping', events: [{ type: 'cart', ago: '1h' }], expect: { rule: 'default' } },
  {
    name: 'bought it an hour later',
    events: [
      { type: 'cart', ago: '1d' },
      { type: 'purchase', ago: '23h' },
    ],
    expect: { rule: 'default' },
  },
  {
    name: 'a cart of somebody loyal',
    traits: { orders: 9 },
    events: [{ type: 'cart', ago: '1d' }],
    expect: { rule: 'loyal' },
  },
];

/** @param review the day by which somebody should look again, as 2026-03-01. */
export function offerByHistory(review: string) {
  const common = {
    kind: 'rules',
    owner: 'CRM team',
    purpose: 'Who came back gets a gift; everybody else a reason to come back.',
    review,
    default: forEverybody,
  };
  const name = 'offer-by-history';
  return [
    { name, definition: { ...common, rules: [loyal, north], tests: testsOfTraits } },
    {
      name,
      definition: {
        ...common,
        rules: [loyal, leftCart, north],
        tests: [...testsOfTraits, ...testsOfCarts],
      },
    },
  ] as const;
}

export const bestSellers = {
  name: 'best-sellers',
  definition: {
    kind: 'popular',
    slots: {
      subject: 'What others drink',
      headline: 'Best sellers for you',
      offer: 'Three that others love',
    },
    items: 3,
    from: 'favourite_category',
  },
} as const;

export const picksByHand = {
  name: 'picks-by-hand',
  definition: {
    kind: 'static',
    slots: {
      subject: 'What we drink ourselves',
      headline: 'Picked by our tea master',
      offer: 'Sencha, the iron pot and the Raku bowl',
    },
  },
} as const;

/** What people of a similar taste looked at; best sellers for whoever has looked at nothing. */
export const byTaste = {
  name: 'your-taste',
  definition: {
    kind: 'collaborative',
    slots: {
      subject: 'Found with your taste in mind',
      headline: 'Picked for you',
      offer: 'Three that people of your taste love',
    },
    items: 3,
    method: 'user_knn',
    weights: { purchase: 5, cart: 3, view: 1 },
    holdOut: '7d',
    exclude: { bought: true, engaged: true },
  },
} as const;

export const likelyVisitors = {
  name: 'likely-visitors',
  definition: {
    kind: 'propensity',
    owner: 'CRM team',
    purpose: 'News for those who will come by anyway; a reason to come for the others.',
    outcome: { event: 'view' },
    horizon: '7d',
    active: '28d',
    model: {
      estimator: 'logistic',
      settings: { ridge: 1 },
      features: ['count(view, 28d)', 'trait.orders', 'trait.newsletter'],
    },
    levels: [
      { atLeast: 0.3, slots: { headline: 'New on our shelves', offer: 'See what has come in' } },
      { atLeast: 0, slots: { headline: 'We saved you a cup', offer: { content: 'ten-percent' } } },
    ],
  },
} as const;
