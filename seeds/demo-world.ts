import { exampleDraft } from '../src/experiments/example-draft.js';
import { chance, pick } from './chance.js';

/**
 * A small shop whose customers really behave as written here, so that a report on it can be checked: rules by
 * history bring loyal customers from 9 to 22 orders in a hundred and leave everybody else at 7; a question as
 * subject line lifts clicks by a tenth and orders by nothing; nobody unsubscribes because of an arm.
 */

const day = 86_400_000;

export interface Customer {
  readonly id: string;
  readonly traits: Readonly<Record<string, string | number | boolean>>;
}

const firstNames = ['Ada', 'Bela', 'Clara', 'Dmitri', 'Elif', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jonas'];

/** Everybody on the list, always the same people, from a place on. */
export function customers(count: number, from = 0): Customer[] {
  return Array.from({ length: count }, (_, at) => {
    const i = from + at;
    const id = `customer-${String(i + 1).padStart(5, '0')}@shop.example`;
    const country = pick([['DE', 0.4], ['FR', 0.25], ['SE', 0.2], ['NO', 0.1], ['FI', 0.05]] as const, id, 'country'); // prettier-ignore
    const orders = Math.floor(-Math.log(chance(id, 'orders')) * 3.3);
    const loyalty = orders >= 3 ? 'loyal' : orders > 0 ? 'returning' : 'new';
    const newsletter = chance(id, 'newsletter') < 0.7;
    // Of every sixth or so no name is known.
    const name = firstNames[Math.floor(chance(id, 'name') * firstNames.length * 1.2)];
    return { id, traits: { country, orders, loyalty, newsletter, ...(name && { first_name: name }) } };
  });
}

/** Probability that this customer orders within the window, by arm: the truth behind the demo reports. */
export function orderProbability(arm: string, traits: Customer['traits']): number {
  if (traits['loyalty'] !== 'loyal') return 0.07;
  return arm.startsWith('by-history') ? 0.22 : 0.09;
}

/** Probability of a human click. */
export function clickProbability(arm: string): number {
  return arm.endsWith('/question') ? 0.11 : 0.1;
}

const { factors, ...offer } = exampleDraft;
const justSubject = factors.slice(1);

/** The two strategies of the shop as levels; the rules by the version that was active then. */
function strategies(version: 1 | 2) {
  const levels = [
    { key: 'same-for-all', title: 'Same for all', strategy: 'one-offer@1' },
    { key: 'by-history', title: 'By history', strategy: `offer-by-history@${version}` },
  ];
  return { key: 'strategy', title: 'Strategy', levels };
}

/**
 * What is seeded: a finished experiment with a clear answer, two that run, one of which recommends, and a draft that lacks
 * something.
 */
export function demoExperiments(now: Date): DemoExperiment[] {
  const at = (days: number): Date => new Date(now.getTime() + days * day);
  const winBack: DemoExperiment = {
    draft: {
      ...offer,
      key: 'win-back',
      title: 'Win-back: offer by history against one offer for all',
      factors: [strategies(1)],
      control: 'same-for-all',
      weights: [1, 1],
      salt: 'demo-win-back',
      cohorts: ['loyalty', { trait: 'country', values: ['DE', 'FR', 'SE', 'NO'] }],
      plan: { end: at(-20).toISOString(), baseline: 0.08, smallestUplift: 0.5 },
    },
    recipients: 2_000,
    createdAt: at(-45),
    enrolledAt: [at(-42), at(-41), at(-40)],
    stoppedAt: at(-20),
  };
  const springOffer: DemoExperiment = {
    draft: {
      ...offer,
      factors: [strategies(2), ...justSubject],
      template: 'shop-letter@1',
      salt: 'demo-spring-offer',
      cohorts: ['loyalty', { segment: 'purchaser' }],
      plan: { end: at(16).toISOString(), baseline: 0.08, smallestUplift: 0.3 },
    },
    recipients: 900,
    createdAt: at(-6),
    enrolledAt: [at(-4), at(-3)],
  };
  const summerPreview = { draft: unfinishedDraft, recipients: 0, createdAt: at(-1), enrolledAt: [] };
  return [winBack, teaPicks(at), springOffer, summerPreview];
}

/** Recommends to few, against what somebody picked: nothing makes a difference to orders here. */
function teaPicks(at: (days: number) => Date): DemoExperiment {
  return {
    draft: { ...picksDraft, plan: { end: at(19).toISOString(), baseline: 0.08, smallestUplift: 0.3 } },
    recipients: 100,
    from: 1_500,
    createdAt: at(-8),
    enrolledAt: [at(-2)],
  };
}

const picksDraft = {
  ...offer,
  key: 'tea-picks',
  title: 'Tea picks: best sellers and taste against picks by hand',
  hypothesis:
    'What others buy, or others of their taste look at, sells better than what the tea master likes.',
  factors: [
    {
      key: 'strategy',
      title: 'Strategy',
      levels: [
        { key: 'picks', title: 'Picks by hand', strategy: 'picks-by-hand@1' },
        { key: 'best-sellers', title: 'Best sellers', strategy: 'best-sellers@1' },
        { key: 'your-taste', title: 'Your taste', strategy: 'your-taste@1' },
      ],
    },
  ],
  fallback: { subject: 'Tea for you', headline: 'Time for tea', offer: 'All our teas in one place' },
  eligibility: { inStock: true, notBought: '90d' } as const,
  template: 'shop-letter@1',
  control: 'picks',
  weights: [1, 1, 1],
  salt: 'demo-tea-picks',
  cohorts: ['loyalty'],
};

const unfinishedDraft = {
  ...offer,
  key: 'summer-preview',
  title: 'Summer preview',
  hypothesis: undefined,
  factors: justSubject,
  control: 'plain',
  weights: [1, 1],
  salt: 'demo-summer-preview',
  cohorts: [],
  plan: {},
};

export interface DemoExperiment {
  readonly draft: typeof exampleDraft;
  readonly recipients: number;
  /** Place on the list of the first of them; 0 when left out. */
  readonly from?: number;
  readonly createdAt: Date;
  /** One wave of sends each. */
  readonly enrolledAt: readonly Date[];
  readonly stoppedAt?: Date;
}
