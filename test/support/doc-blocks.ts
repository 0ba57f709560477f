import { readFileSync } from 'node:fs';

/** A fenced block of a document, with the output that is written below it, if any. */
export interface DocBlock {
  readonly language: string;
  readonly code: string;
  /** The `text` or `json` block that follows directly. */
  readonly output?: string;
  readonly line: number;
}

const fence = /^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm;

/** All fenced blocks of a Markdown file; a `text` or `json` block right after another is its output. */
export function docBlocks(path: string): DocBlock[] {
  const text = readFileSync(path, 'utf8');
  const blocks: (DocBlock & { end: number })[] = [];
  for (const match of text.matchAll(fence)) {
    const [whole, language = '', code = ''] = match;
    const before = blocks.at(-1);
    const follows = before && text.slice(before.end, match.index).trim() === '';
    const end = match.index + whole.length;
    if (follows && (language === 'text' || language === 'json') && before.language !== language) {
      blocks[blocks.length - 1] = { ...before, output: code, end };
    } else {
      blocks.push({ language, code, end, line: text.slice(0, match.index).split('\n').length });
    }
  }
  return blocks;
}

/** Whether output is as written, where `…` in the document stands for anything. */
export function asWritten(written: string, actual: string): boolean {
  const pattern = written
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(actual.trim());
}
