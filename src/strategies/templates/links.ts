/** An `href` of a link or area, wherever it stands in the tag; what a quoted attribute before it holds cannot be taken for one. */
const href = /<(?:a|area)\b(?:[^>"']|"[^"]*"|'[^']*')*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
};

/** Targets of links as written, in order, entities decoded. */
export function hrefsIn(html: string): string[] {
  const found: string[] = [];
  for (const [, double, single, none] of html.matchAll(href))
    found.push(decoded(double ?? single ?? none ?? ''));
  return found;
}

function decoded(text: string): string {
  if (!text.includes('&')) return text.trim();
  return text
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? numbered(name) ?? whole)
    .trim();
}

function numbered(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (!digits) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : parseInt(digits[1], 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

export type LinkKind = 'web' | 'other' | 'blank' | 'unsafe';

/** `web`: http or https; `other`: mail, telephone, a place in the same message. Everything else no reader can follow safely. */
export function kindOfLink(target: string): LinkKind {
  if (target === '' || target === '#') return 'blank';
  if (/^https?:\/\/[^\s/?#]/i.test(target)) return 'web';
  return /^(mailto:\S|tel:\S|#\S)/i.test(target) ? 'other' : 'unsafe';
}
