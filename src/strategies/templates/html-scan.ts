/** Stands for every character of something that is printed, and of a tag of the engine, where a source is looked at as HTML. */
export const printedMark = '\uE000';
export const tagMark = '\uE001';

/** The source with everything of the template language covered, each character by one mark, line ends kept. */
export function covered(source: string): string {
  return source.replace(/\{\{\{[^]*?\}\}\}|\{\{!--[^]*?--~?\}\}|\{\{[^]*?\}\}|\{%[^]*?%\}/g, (construct) => {
    const isTag = construct.startsWith('{%') || /^\{\{~?(?:[#/!^]|else\b)/.test(construct);
    return construct.replace(/[^\n]/g, isTag ? tagMark : printedMark);
  });
}

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
  readonly index: number;
}

export interface HtmlTag {
  /** Small letters. */
  readonly name: string;
  readonly closing: boolean;
  /** `<br/>` */
  readonly selfClosing: boolean;
  readonly attributes: readonly Attribute[];
  readonly index: number;
  /** Everything between `<` and `>`. */
  readonly source: string;
  /** Of style, script, title and textarea: what stands between it and its end. */
  readonly content?: string;
}

const opaque = new Set(['style', 'script', 'title', 'textarea', 'xmp', 'noscript']);
const pattern = /<!--[^]*?(?:-->|$)|<![^>]*>|<(\/?)([a-z][\w:-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const attribute = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

/** The tags of an HTML source in order; comments and what they hide are left out. */
export function tagsIn(html: string): HtmlTag[] {
  const tags: HtmlTag[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(html); match; match = pattern.exec(html)) {
    const [whole, slash, name, inner = ''] = match;
    if (name === undefined) continue;
    const lower = name.toLowerCase();
    const closing = slash === '/';
    const end = match.index + whole.length;
    const content = !closing && opaque.has(lower) ? upTo(html, end, lower) : undefined;
    // What stands in a style or script is no HTML.
    if (content !== undefined) pattern.lastIndex = end + content.length;
    tags.push({
      name: lower,
      closing,
      selfClosing: inner.trimEnd().endsWith('/'),
      attributes: closing ? [] : attributesIn(inner, match.index + 1 + name.length),
      index: match.index,
      source: whole,
      ...(content !== undefined && { content }),
    });
  }
  return tags;
}

function upTo(html: string, from: number, name: string): string {
  const end = html.slice(from).search(new RegExp(`</${name}\\b`, 'i'));
  return end < 0 ? html.slice(from) : html.slice(from, from + end);
}

function attributesIn(inner: string, offset: number): Attribute[] {
  return [...inner.matchAll(attribute)].map((match) => {
    const [, name = '', double, single, none] = match;
    return {
      name: name.toLowerCase(),
      value: double ?? single ?? none ?? '',
      quoted: double !== undefined || single !== undefined,
      index: offset + match.index,
    };
  });
}

const voids = new Set(
  'area base br col embed hr img input link meta param source track wbr p li td th tr tbody thead tfoot dt dd option colgroup o:p v:fill'.split(
    ' ',
  ),
);

/** The first element that is not closed, or is closed without being open; those whose end may be left out are not asked. */
export function unbalancedTag(tags: readonly HtmlTag[]): HtmlTag | undefined {
  const open: HtmlTag[] = [];
  for (const tag of tags) {
    if (voids.has(tag.name) || tag.selfClosing) continue;
    if (!tag.closing) open.push(tag);
    else if (open.at(-1)?.name === tag.name) open.pop();
    else return open.some(({ name }) => name === tag.name) ? open.at(-1) : tag;
  }
  return open.at(-1);
}
