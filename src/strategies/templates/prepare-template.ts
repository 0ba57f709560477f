import { contextMaker, type MessageInput } from './context.js';
import type { Mode, Read, Use } from './engine.js';
import { engines } from './engines.js';
import { hrefsIn, kindOfLink } from './links.js';
import { plainTextOf } from './plain-text.js';
import { longestOutput, type Part, type Template } from './template.js';

/** One finished message. */
export interface Message {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Addresses on the web that it leads to, in order. */
  readonly links: readonly string[];
}

/** Why a message cannot go out as it was rendered. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}

export interface PreparedTemplate {
  /** By part that is rendered. */
  readonly uses: Readonly<Partial<Record<Part, readonly Use[]>>>;
  /**
   * @throws Unfit where a part is blank, too long, or leads where no link may; anything else where the engine fails.
   */
  render(input: MessageInput): Message;
}

/** Parses the parts once. @throws Error where a part cannot be read: what was registered can. */
export function prepareTemplate({ engine, tokens, compiled }: Template): PreparedTemplate {
  const read = (source: string, mode: Mode): Read => {
    const found = engines[engine].read(source, mode);
    if ('problems' in found)
      throw new Error(`a registered template cannot be read: ${found.problems[0]?.code}`);
    return found;
  };
  const subject = read(compiled.subject, 'text');
  const html = read(compiled.html, 'html');
  const text = compiled.text === null ? undefined : read(compiled.text, 'text');
  const fields = [subject, html, text].flatMap((part) => part?.itemFields ?? []);
  const contextOf = contextMaker(tokens, fields);
  return {
    uses: { subject: subject.uses, html: html.uses, ...(text && { text: text.uses }) },
    render(input) {
      const context = contextOf(input);
      // A subject is one line of a header: a line end in a name must not begin another one.
      const subjectLine = fit('subject', subject.render(context)).replace(lineBreaks, ' ').trim();
      const renderedHtml = fit('html', html.render(context));
      return {
        subject: subjectLine,
        html: renderedHtml,
        // A message of pictures alone has no words of its own.
        text: text ? tidied(fit('text', text.render(context))) : plainTextOf(renderedHtml) || subjectLine,
        links: linksOf(renderedHtml),
      };
    },
  };
}

// eslint-disable-next-line no-control-regex -- they are what this is about
const lineBreaks = /[\s\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

function fit(part: Part, rendered: string): string {
  if (rendered.length > longestOutput)
    throw new Unfit(`the ${part} is longer than ${longestOutput} characters`);
  if (!/\S/.test(rendered)) throw new Unfit(`the ${part} is blank`);
  return rendered;
}

/** Conditions and loops leave lines of blanks behind where they stood. */
function tidied(text: string): string {
  return text
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function linksOf(html: string): string[] {
  return hrefsIn(html).filter((target) => {
    const kind = kindOfLink(target);
    if (kind === 'blank') throw new Unfit('a link leads nowhere');
    if (kind === 'unsafe') throw new Unfit('a link leads to something other than http, https, mailto or tel');
    return kind === 'web';
  });
}
