import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { upliftNames } from '../src/flows/evaluate-uplift.js';
import { readStrategyText } from '../src/flows/read-strategy-text.js';
import { docBlocks } from './support/doc-blocks.js';

/** docs/uplift.md: the strategy that it shows is taken, and no learner is left out. Its command is run by docs.test.ts. */

const path = resolve(import.meta.dirname, '../docs/uplift.md');

test('the strategy is taken', () => {
  const blocks = docBlocks(path).filter(({ language }) => language === 'yaml');
  expect(blocks).toHaveLength(1);
  expect(readStrategyText(blocks[0]?.code ?? '')).toMatchObject({ ok: true });
});

test('every learner is named', () => {
  const text = readFileSync(path, 'utf8');
  for (const name of upliftNames.learners) expect(text).toContain(`| \`${name}\` | `);
});
