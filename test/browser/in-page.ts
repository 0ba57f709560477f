import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A script for the page, as text: what runs there knows other types than what runs here. */
export function inPage(name: string): string {
  return readFileSync(join(import.meta.dirname, 'in-page', `${name}.js`), 'utf8');
}
