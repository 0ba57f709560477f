import { chapters } from './studies.js';

/** The head of docs/statistics-evidence.md and its sections. */
export function document(seed: number, sections: readonly string[]): string {
  return `# How often the methods err

<!-- Written by \`npm run -s stats:simulate\`; do not edit. Seed: ${seed}. -->

A method promises something: a test at 5 % cries wolf once in twenty experiments in which nothing differs, an interval at
95 % misses the truth once in twenty. This page counts whether they keep it, under the conditions that e-mail brings:
rates of 0.1 %, arms of 90 % and 10 %, revenue that one recipient in a hundred brings and that one in a thousand
dominates, and fourteen looks at a running experiment.

All numbers are made by \`npm run -s stats:simulate\` with seed ${seed}, through the public functions of the library,
which reports call, too; the same seed gives the same page. The number after ± is the standard error of the observed share
that comes from the number of runs; where it is missing, every possible outcome was counted and the number is exact, or
it is an average. Methods marked "for comparison" are not what
Postulate shows; they stand here because other tools show them.

${contents()}

${sections.join('\n')}`;
}

/** Links to all sections, a line for each chapter. */
function contents(): string {
  return Object.entries(chapters)
    .map(([chapter, studies]) => {
      const links = studies.map(({ title }) => `  - [${title}](#${anchor(title)})`);
      return [`- ${chapter}`, ...links].join('\n');
    })
    .join('\n');
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');
}
