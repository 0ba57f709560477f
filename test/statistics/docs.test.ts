import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families } from '../../src/statistics/registry.js';
import { runExample } from '../support/run-example.js';
import { readPage, withMethodTable } from './method-table.js';

const folder = new URL('../../docs/statistics/', import.meta.url);
const chapters = readdirSync(folder).filter((name) => name.endsWith('.md'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

function examples(text: string): { line: number; code: string }[] {
  return [...text.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
  }));
}

function load(path: string): Promise<Record<string, unknown>> {
  const source = new URL(path.replace(/\.js$/, '.ts'), folder).pathname;
  return import(/* @vite-ignore */ source) as Promise<Record<string, unknown>>;
}

describe.each(chapters)('docs/statistics/%s', (chapter) => {
  it.each(examples(read(chapter)))('says the truth in the example at line $line', async ({ code }) => {
    const { checks, untrue } = await runExample(code, load);
    expect(untrue).toEqual([]);
    expect(checks).toBeGreaterThan(0);
  });
});

describe('chapters', () => {
  it.each(families)('of $room have a section with an example for every method', ({ room, methods }) => {
    const sections = read(`${room}.md`).split(/^## /m).slice(1);
    const documented = sections.filter((section) => section.includes('```ts'));
    const missing = methods.filter(
      ({ id }) => !documented.some((section) => section.split('\n')[0]?.includes(`\`${id}\``)),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('docs/statistics.md', () => {
  it('lists the methods as the registry does', () => {
    expect(readPage()).toBe(withMethodTable(readPage()));
  });

  it.each(examples(readPage()))('says the truth in the example at line $line', async ({ code }) => {
    const { checks, untrue } = await runExample(code, (path) =>
      load(path.replace('./dist/src/', '../../src/')),
    );
    expect(untrue).toEqual([]);
    expect(checks).toBeGreaterThan(0);
  });
});

describe('the runner of examples', () => {
  const none = () => Promise.resolve({});
  it('finds untrue numbers, words and lists', async () => {
    const code = "0.5; // → 0.50\n0.5; // → 0.51\n'a'; // → b\n[1, 2]; // → [1, 3]\n[1, [2]]; // → [1, [2]]";
    const { checks, untrue } = await runExample(code, none);
    expect(checks).toBe(5);
    expect(untrue.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('counts the digits that are printed', async () => {
    expect((await runExample('1234.4; // → 1,234\n0.00123; // → 1.2e-3', none)).untrue).toEqual([]);
    expect((await runExample('1234.6; // → 1,234\n0.00126; // → 1.2e-3', none)).untrue).toHaveLength(2);
  });
});
