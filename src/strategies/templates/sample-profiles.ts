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

/** The recipients that every template is rendered for, then those that its author added. */
export function sampleProfiles(
  tokens: Tokens,
  added: Readonly<Record<string, SampleProfile>> = {},
): Sample[] {
  const names = Object.keys(tokens).filter((name) => name.startsWith('user.'));
  const all = traitsOf(tokens, names, (sample) => sample);
  const hostile = (text: (value: string) => string): Sample['traits'] =>
    traitsOf(tokens, names, (sample) =>
      typeof sample === 'string' ? inPlaceOf(sample, text(sample)) : sample,
    );
  const own = Object.entries(added).map(([key, { title, traits }]): Sample => ({
    key,
    title: title ?? key,
    traits,
    items: items((n) => `Sample item ${n}`),
    hostile: false,
  }));
  return [
    one(
      'rich',
      'Everything is known',
      all,
      items((n) => `Sample item ${n}`),
    ),
    one(
      'sparse',
      'Half is known',
      traitsOf(
        tokens,
        names.filter((_, i) => i % 2 === 0),
        (sample) => sample,
      ),
      [{ id: 'sample-1', title: 'Sample item 1', url: 'https://example.com/items/1' }],
    ),
    one('empty', 'Nothing is known', {}, []),
    ...own,
    one(
      'markup',
      'Markup in every value',
      hostile(() => markup),
      items((n) => `${markup} ${n}`),
      true,
    ),
    one(
      'long',
      '1,000 characters in every value',
      hostile(() => 'Anna-Maria '.repeat(91).slice(0, 1_000)),
      items((n) => 'Long title '.repeat(91).slice(0, 998) + ` ${n}`),
      true,
    ),
    one(
      'right-to-left',
      'Right to left, with a mark that turns',
      hostile(() => '\u202eאדה לאבלייס محمد\u202e'),
      items((n) => `מעיל ${n}`),
      true,
    ),
    one(
      'emoji',
      'Emoji and joined characters',
      hostile(() => '👩🏽‍🚀 Zoë 🏳️‍🌈 𝔘𝔫𝔦 e\u0301'),
      items((n) => `🎁 ${n}`),
      true,
    ),
  ];
}

function one(
  key: string,
  title: string,
  traits: Sample['traits'],
  items: readonly ShownItem[],
  hostile = false,
): Sample {
  return { key, title, traits, items, hostile };
}

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
