import { type Finding, placesIn } from './finding.js';

/** What is not compiled at all: includes read files of the machine that compiles. */
export function lintMjml(source: string): Finding[] {
  const place = placesIn(source);
  return [...source.matchAll(/<mj-include\b/gi)].map(({ index }) => ({
    severity: 'error',
    code: 'include',
    part: 'mjml',
    ...place(index),
    message: 'mj-include is not read here: write its content into the template',
  }));
}
