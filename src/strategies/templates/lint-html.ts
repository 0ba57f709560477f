import { type Finding, placesIn } from './finding.js';
import {
  type Attribute,
  covered,
  type HtmlTag,
  printedMark,
  tagMark,
  tagsIn,
  unbalancedTag,
} from './html-scan.js';
import { kindOfLink } from './links.js';
import { cutOffBytes } from './template.js';

type Say = (severity: Finding['severity'], code: string, index: number, message: string) => void;

const active = new Set(['script', 'iframe', 'object', 'embed', 'applet', 'base', 'form']);

/** What mail readers cut out, what leads nowhere, and where a value could break out of its place. */
export function lintHtml(source: string, part: string): Finding[] {
  const place = placesIn(source);
  const findings: Finding[] = [];
  const say: Say = (severity, code, index, message) =>
    void findings.push({ severity, code, part, ...place(index), message });
  const html = covered(source);
  const tags = tagsIn(html);
  for (const tag of tags) if (!tag.closing) lintTag(tag, say);
  lintDocument(source, tags, say);
  const bytes = Buffer.byteLength(source);
  if (bytes > cutOffBytes) {
    const message = `has ${Math.ceil(bytes / 1000)} KB before anything is filled in; mail readers cut messages off at about 100 KB`;
    findings.push({ severity: 'warning', code: 'too_large', part, message });
  }
  return findings;
}

function lintTag(tag: HtmlTag, say: Say): void {
  if (active.has(tag.name) || isRefresh(tag)) {
    say(
      'error',
      'active_content',
      tag.index,
      `<${tag.name}> does not belong in a message: mail readers remove it; remove it`,
    );
  }
  if (tag.content?.includes(printedMark)) {
    say(
      'error',
      'token_in_style',
      tag.index,
      `a value inside <${tag.name}> cannot be escaped: put it into the text or an attribute`,
    );
  }
  const bare = tag.source.replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  const unquoted = bare.indexOf(printedMark);
  if (unquoted >= 0) {
    say(
      'error',
      'unquoted_token',
      tag.index + unquoted,
      'a value inside a tag stands in straight quotes, as in href="{{ item.url }}"',
    );
  }
  for (const attribute of tag.attributes) lintAttribute(tag, attribute, say);
  if (tag.name === 'img' && !tag.attributes.some(({ name }) => name === 'alt')) {
    say(
      'warning',
      'missing_alt',
      tag.index,
      'this picture has no alt text for those who do not see it; alt="" if it says nothing',
    );
  }
}

/** `<meta http-equiv="refresh">` leads whoever opens the message elsewhere. */
function isRefresh({ name, attributes }: HtmlTag): boolean {
  return name === 'meta' && attributes.some((one) => one.name === 'http-equiv' && /refresh/i.test(one.value));
}

function lintAttribute(tag: HtmlTag, { name, value, index }: Attribute, say: Say): void {
  if (/^on[a-z]+$/.test(name)) {
    say('error', 'active_content', index, `${name} is a script, and mail readers remove it; remove it`);
  }
  const target = value.trim();
  if (
    name === 'src' &&
    !target.startsWith(printedMark) &&
    !/^(https?:\/\/|cid:|data:image\/)/i.test(cleaned(target))
  ) {
    say(
      'error',
      'bad_source',
      index,
      'a picture in a message needs its whole address, beginning with https://',
    );
  }
  if (name !== 'href' || (tag.name !== 'a' && tag.name !== 'area')) return;
  // What begins with a value is looked at in every message.
  if (target.startsWith(printedMark) || target.startsWith(tagMark)) return;
  const kind = kindOfLink(cleaned(target));
  if (kind === 'blank') say('error', 'blank_link', index, 'this link leads nowhere; give its address');
  if (kind === 'unsafe') {
    say('error', 'bad_link', index, 'a link in a message begins with https://, http://, mailto: or tel:');
  }
}

const cleaned = (target: string): string => target.replaceAll(printedMark, 'x').replaceAll(tagMark, '');

function lintDocument(source: string, tags: readonly HtmlTag[], say: Say): void {
  for (const needed of ['html', 'body']) {
    if (!tags.some(({ name }) => name === needed)) {
      say(
        'warning',
        'missing_tag',
        0,
        `there is no <${needed}>: write a whole document, from <html> to </html>`,
      );
    }
  }
  // Where conditions stand between tags, only what is rendered can tell.
  const open = covered(source).includes(tagMark) ? undefined : unbalancedTag(tags);
  if (open) {
    const what = open.closing ? 'closes nothing that is open' : 'is not closed where it should be';
    say('error', 'broken_layout', open.index, `<${open.closing ? '/' : ''}${open.name}> ${what}`);
  }
  if (!/unsubscribe|opt[ _-]?out|abmelden/i.test(source)) {
    say('warning', 'no_unsubscribe', 0, 'there is no link to unsubscribe, unless whoever sends adds one');
  }
}
