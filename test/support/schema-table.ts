import type { DataColumn } from '../../src/flows/data-schema.js';

/** Columns as the documentation lists them. */
export function schemaTable(columns: readonly DataColumn[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = columns.map(
    ({ name, type, required, meaning }) =>
      `| \`${name}\` | ${type} | ${required ? 'always' : ''} | ${cell(meaning)} |`,
  );
  return ['| column | type | there | meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
