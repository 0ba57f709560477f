import type { EngineName } from './template.js';

/** A conditional block or loop of the HTML part. */
export interface Module {
  /** `if user.vip`, `else of if user.vip`, `for item in items`. */
  readonly label: string;
  readonly line: number;
  /** Whether a value is printed in it, so that it must not come out blank. */
  readonly prints: boolean;
}

export interface Marked {
  readonly modules: readonly Module[];
  /** The same source, which when rendered says where each block begins and ends. */
  readonly source: string;
}

/** What came out of one block, each time it was shown. */
export interface Shown {
  readonly module: number;
  readonly html: string;
}

const begin = '\uE002';
const end = '\uE003';

interface Tag {
  readonly index: number;
  readonly length: number;
  readonly kind: 'open' | 'between' | 'close';
  /** Of the block: `if`, `for`, … */
  readonly label: string;
}

/** Puts marks around every branch. Takes sources that their engine can read. */
export function markModules(source: string, engine: EngineName): Marked {
  const tags = engine === 'liquid' ? liquidTags(source) : handlebarsTags(source);
  const modules: { label: string; line: number; prints: boolean }[] = [];
  const open: { label: string; module: number; from: number }[] = [];
  let marked = '';
  let at = 0;
  const closeBranch = (index: number): string => {
    const last = open.at(-1);
    const module = last && modules[last.module];
    if (!last || !module) return '';
    module.prints = /\{\{/.test(source.slice(last.from, index).replace(/\{\{~?[#/]|\{\{~?else/g, ''));
    return end;
  };
  const openBranch = (tag: Tag, label: string): string => {
    const line = source.slice(0, tag.index).split('\n').length;
    modules.push({ label: label.replace(/\s+/g, ' ').slice(0, 200), line, prints: false });
    open.push({ label: tag.label || label, module: modules.length - 1, from: tag.index + tag.length });
    return `${begin}${modules.length - 1};`;
  };
  for (const tag of tags) {
    marked += source.slice(at, tag.index);
    at = tag.index + tag.length;
    const text = source.slice(tag.index, at);
    if (tag.kind === 'open') marked += text + openBranch(tag, tag.label);
    else {
      marked += closeBranch(tag.index) + text;
      const last = open.pop();
      if (tag.kind === 'between' && last) {
        const first = last.label.replace(/^else of /, '');
        const label = tag.label === '' ? `else of ${first}` : tag.label;
        marked += openBranch({ ...tag, label: first }, label);
      }
    }
  }
  return { modules, source: marked + source.slice(at) };
}

/** Reads the marks out of what was rendered from a marked source. */
export function shownModules(rendered: string): Shown[] {
  const shown: Shown[] = [];
  const open: { module: number; from: number }[] = [];
  for (const mark of rendered.matchAll(/\uE002(\d+);|\uE003/g)) {
    if (mark[1] !== undefined) open.push({ module: Number(mark[1]), from: mark.index + mark[0].length });
    else {
      const last = open.pop();
      if (last)
        shown.push({
          module: last.module,
          html: rendered.slice(last.from, mark.index).replace(/\uE002\d+;|\uE003/g, ''),
        });
    }
  }
  return shown;
}

function liquidTags(source: string): Tag[] {
  const tags: Tag[] = [];
  let skipTo: string | undefined;
  for (const match of source.matchAll(/\{%-?\s*([a-z#]+)([^]*?)-?%\}/g)) {
    const [whole, name = '', rest = ''] = match;
    if (skipTo !== undefined) {
      if (name === skipTo) skipTo = undefined;
      continue;
    }
    const at = { index: match.index, length: whole.length };
    if (name === 'raw' || name === 'comment') skipTo = `end${name}`;
    else if (['if', 'unless', 'for'].includes(name))
      tags.push({ ...at, kind: 'open', label: `${name} ${rest.trim()}` });
    else if (name === 'elsif') tags.push({ ...at, kind: 'between', label: `if ${rest.trim()}` });
    else if (name === 'else') tags.push({ ...at, kind: 'between', label: '' });
    else if (['endif', 'endunless', 'endfor'].includes(name)) tags.push({ ...at, kind: 'close', label: '' });
  }
  // A case shows nothing before its first branch, and is told by its conditions in the source.
  return hasCase(source) ? [] : tags;
}

function hasCase(source: string): boolean {
  return /\{%-?\s*case\b/.test(source);
}

function handlebarsTags(source: string): Tag[] {
  const tags: Tag[] = [];
  for (const match of source.matchAll(/\{\{!--[^]*?--~?\}\}|\{\{~?\s*([#/]\s*\w+|else\b)([^]*?)~?\}\}/g)) {
    const [whole, opener, rest = ''] = match;
    if (opener === undefined) continue;
    const at = { index: match.index, length: whole.length };
    if (opener.startsWith('#')) {
      const label = `${opener.slice(1).trim()} ${rest.trim()}`.replace(/\s+as \|.*$/, '');
      tags.push({ ...at, kind: 'open', label });
    } else if (opener.startsWith('/')) tags.push({ ...at, kind: 'close', label: '' });
    else tags.push({ ...at, kind: 'between', label: rest.trim() });
  }
  return tags;
}
