/** `npm run -s stats:table`: writes the list of methods into docs/statistics.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { families } from '../../src/statistics/registry.js';

const PAGE = new URL('../../docs/statistics.md', import.meta.url);
const MARKS = /(<!-- methods[^\n]*-->\n)[\s\S]*?(<!-- \/methods -->)/;

/** The page with the list of methods as the registry has it. */
export function withMethodTable(page: string): string {
  return page.replace(MARKS, (_all, start: string, end: string) => `${start}\n${tables()}\n${end}`);
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

function tables(): string {
  return families
    .map(({ room, title, methods }) => {
      const rows = methods.map(
        ({ id, title: name, needs, reference }) =>
          `| \`${id}\` | ${name} | ${needs.map((need) => `\`${need}\``).join(', ')} | ${reference} |`,
      );
      const head = [
        `### [${title}](statistics/${room}.md)`,
        '',
        '| id | method | needs | source |',
        '| --- | --- | --- | --- |',
      ];
      return [...head, ...rows, ''].join('\n');
    })
    .join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(PAGE, withMethodTable(readPage()));
