import type { ShownItem } from './context.js';
import type { SampleProfile, Token, TokenValue } from './template.js';

/** Somebody to render a template for before it goes out. */
export interface Sample {
  readonly key: string;
  readonly title: string;
  readonly traits: Readonly<Record<string, TokenValue | null>>;
  /** Stand in where the arm recommends nothing by itself. */
  readonly items: readonly ShownItem[];
  /** Its values hold what must not get through. */
  readonly hostile: boolean;
}

type Tokens = Readonly<Record<string, Token>>;

/** No reader shows a message in which this stands as markup. */
export const payload = '<b id=pwn>';

const markup = `Ada ${payload}"' onmouseover=alert(1) --></a></td>{{ user.email }}{% raw %}{tier1_anchor}&amp;\r\nBcc: x@example.com`;

/** The recipients that every template is rendered for, then those that its author added, then what must not get through. */
export function sampleProfiles(
  tokens: Tokens,
  added: Readonly<Record<string, SampleProfile>> = {},
): Sample[] {
  return [...ordinarySamples(tokens), ...addedSamples(added), ...hostileSamples(tokens)];
}

const ordinaryItems = items((n) => `Sample item ${n}`);

/** Those of whom much, half and nothing is known. */
function ordinarySamples(tokens: Tokens): Sample[] {
  const names = traitTokens(tokens);
  const half = names.filter((_, i) => i % 2 === 0);
  const all = traitsOf(tokens, names, (sample) => sample);
  const some = traitsOf(tokens, half, (sample) => sample);
  const oneItem = [{ id: 'sample-1', title: 'Sample item 1', url: 'https://example.com/items/1' }];
  return [
    { key: 'rich', title: 'Everything is known', traits: all, items: ordinaryItems, hostile: false },
    { key: 'sparse', title: 'Half is known', traits: some, items: oneItem, hostile: false },
    { key: 'empty', title: 'Nothing is known', traits: {}, items: [], hostile: false },
  ];
}

function addedSamples(added: Readonly<Record<string, SampleProfile>>): Sample[] {
  return Object.entries(added).map(([key, { title, traits }]) => ({
    ...{ key, title: title ?? key, traits },
    ...{ items: ordinaryItems, hostile: false },
  }));
}

/** What stands in every text of a hostile sample, and in the titles of its items. */
interface Hostile {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly itemTitle: (n: number) => string;
}

const hostile: readonly Hostile[] = [
  {
    key: 'markup',
    title: 'Markup in every value',
    text: markup,
    itemTitle: (n) => `${markup} ${n}`,
  },
  {
    key: 'long',
    title: '1,000 characters in every value',
    text: 'Anna-Maria '.repeat(91).slice(0, 1_000),
    itemTitle: (n) => 'Long title '.repeat(91).slice(0, 998) + ` ${n}`,
  },
  {
    key: 'right-to-left',
    title: 'Right to left, with a mark that turns',
    text: '\u202eאדה לאבלייס محمد\u202e',
    itemTitle: (n) => `מעיל ${n}`,
  },
  {
    key: 'emoji',
    title: 'Emoji and joined characters',
    text: '👩🏽‍🚀 Zoë 🏳️‍🌈 𝔘𝔫𝔦 e\u0301',
    itemTitle: (n) => `🎁 ${n}`,
  },
];

function hostileSamples(tokens: Tokens): Sample[] {
  return hostile.map(({ key, title, text, itemTitle }) => ({
    ...{ key, title, items: items(itemTitle), hostile: true },
    traits: traitsOf(tokens, traitTokens(tokens), (sample) =>
      typeof sample === 'string' ? inPlaceOf(sample, text) : sample,
    ),
  }));
}

const traitTokens = (tokens: Tokens): string[] =>
  Object.keys(tokens).filter((name) => name.startsWith('user.'));

function traitsOf(
  tokens: Tokens,
  names: readonly string[],
  change: (sample: TokenValue) => TokenValue,
): Record<string, TokenValue> {
  return Object.fromEntries(
    names.map((name) => {
      const { sample, default: instead } = tokens[name] ?? {};
      return [name.slice(5), change(sample ?? instead ?? 'Sample')];
    }),
  );
}

/** Addresses stay addresses, or every link would fail for the wrong reason. */
function inPlaceOf(sample: string, hostile: string): string {
  return /^https?:\/\//.test(sample) ? `${sample}${sample.includes('?') ? '&' : '?'}q="${hostile}"` : hostile;
}

function items(title: (n: number) => string): ShownItem[] {
  return [1, 2, 3].map((n) => ({
    id: `sample-${n}`,
    title: title(n),
    category: 'shoes',
    price: `${n}9.90`,
    currency: 'EUR',
    url: `https://example.com/items/${n}`,
    image: `https://example.com/items/${n}.jpg`,
  }));
}
