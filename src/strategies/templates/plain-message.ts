import type { Slots } from '../../experiments/experiment.js';
import type { Message } from './prepare-template.js';

/** The slots one below the other, for when a template gives nothing that could go out. Slots are never blank. */
export function plainMessage(slots: Slots): Message {
  const texts = Object.entries(slots).filter(([name]) => name !== 'subject');
  const subject = slots['subject'] ?? texts[0]?.[1] ?? 'A message for you';
  const words = texts.length > 0 ? texts.map(([, text]) => text) : [subject];
  const paragraphs = words.map((text) => `<p>${escaped(text)}</p>`).join('\n');
  return {
    subject: subject.replace(/\s+/g, ' ').trim(),
    html: `<!doctype html>\n<html><body>\n${paragraphs}\n</body></html>`,
    text: words.join('\n\n'),
    links: [],
  };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
