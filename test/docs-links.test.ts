import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name));
const documents = ['.', 'docs', 'docs/statistics', 'bench'].flatMap(markdownIn);

/** What is no example: neither fenced blocks nor code in a line. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading)));
}

/** Links of a document to files or headings that are not there. */
function brokenLinks(file: string, text: string): string[] {
  const links = [...prose(text).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
  return links.flatMap(([, path = '', anchor]) => {
    const target = path === '' ? file : resolve(dirname(file), path);
    const to = anchor === undefined ? path : `${path}#${anchor}`;
    if (!existsSync(target)) return [to];
    if (anchor === undefined) return [];
    const there = target === file ? text : readFileSync(target, 'utf8');
    return anchorsOf(there).has(anchor) ? [] : [to];
  });
}

describe('links in the documents', () => {
  it.each(documents.map((file) => [relative(root, file), file]))('of %s lead somewhere', (_, file) => {
    expect(brokenLinks(file, readFileSync(file, 'utf8'))).toEqual([]);
  });

  const linked = (file: string): string[] =>
    [...prose(readFileSync(join(root, file), 'utf8')).matchAll(/\]\(([^)#\s]+\.md)/g)].map(([, path = '']) =>
      relative(root, resolve(root, dirname(file), path)),
    );

  it('lead from the README to every page', () => {
    const pages = markdownIn('docs').map((file) => relative(root, file));
    expect(pages.filter((page) => !linked('README.md').includes(page))).toEqual([]);
  });

  it.each(['docs/senders.md', 'docs/analysts.md'])('lead from %s to the strategies', (file) => {
    const pages = ['rules', 'strategies', 'segments', 'content', 'ledger'].map((name) => `docs/${name}.md`);
    expect(linked(file)).toEqual(expect.arrayContaining(pages));
  });

  it('are found broken where they are', () => {
    const text =
      '## Two arms (`mean.welch`)\n[a](#two-arms-meanwelch) [b](#none) [c](docs/none.md) `[d](x.md)`\n' +
      '[e](CONTEXT.md#none) [f](CONTEXT.md#the-words-of-postulate)';
    const broken = ['#none', 'docs/none.md', 'CONTEXT.md#none'];
    expect(brokenLinks(join(root, 'README.md'), text)).toEqual(broken);
  });
});
