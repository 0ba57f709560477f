import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

import { parseYaml } from '../src/files/parse-yaml.js';
import { readStrategyText } from '../src/flows/read-strategy-text.js';
import { conditionSchema } from '../src/profiles/conditions/parse-condition.js';
import { features, findFeature } from '../src/profiles/features/feature.js';
import { canonicalJson } from '../src/strategies/content-hash.js';
import { docBlocks } from './support/doc-blocks.js';

/** docs/rules.md: what it shows is taken, is what the shipped examples say, and leaves nothing out. */

const root = resolve(import.meta.dirname, '..');
const path = resolve(root, 'docs/rules.md');
const text = readFileSync(path, 'utf8');
const blocks = docBlocks(path).filter(({ language }) => language === 'yaml');

function valueOf(yaml: string): Record<string, unknown> {
  const parsed = parseYaml(yaml);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value as Record<string, unknown>;
}

test.each(blocks.map((block): [number, string] => [block.line, block.code]))(
  'the example in line %i is taken',
  (_, code) => {
    const value = valueOf(code);
    if ('kind' in value) expect(readStrategyText(code)).toMatchObject({ ok: true });
    else conditionSchema.parse(value);
  },
);

test('conditions said to stand in an example stand there', () => {
  const named = [...text.matchAll(/\(`([\w-]+\.yaml)`\)[^`]*?:\n\n```yaml\n([\s\S]*?)```/g)];
  expect(named.length).toBe(5);
  for (const [, file, code] of named) {
    const { rules } = valueOf(readFileSync(resolve(root, 'docs/examples/rules', file!), 'utf8'));
    const conditions = (rules as { when: unknown }[]).map(({ when }) => canonicalJson(when));
    expect(conditions).toContain(canonicalJson(valueOf(code!)));
  }
});

test('conditions of other tools are conditions here', () => {
  const rows = text.split('## Coming from another tool')[1]!.match(/\| `(\{.*?\})` \|/g) ?? [];
  expect(rows.length).toBe(3);
  for (const row of rows) conditionSchema.parse(valueOf(row.slice(3, -3)));
});

test('every feature that is named exists, and every one that exists is named', () => {
  const row = /\| `feature` \|(.*)\|/.exec(text)![1]!;
  const named = [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  for (const name of named) expect([name, findFeature(name)]).not.toEqual([name, undefined]);
  expect(named).toEqual(expect.arrayContaining(Object.keys(features)));
});

test('every operator has a row', () => {
  const parsed = conditionSchema.safeParse({ trait: 'a', op: '?' });
  const message = parsed.error?.issues[0]?.message ?? '';
  const operators = message
    .replace('must be one of ', '')
    .match(/[a-z_]{2,}/g)!
    .filter((word) => word !== 'or');
  expect(operators.length).toBeGreaterThan(18);
  for (const operator of operators) expect(text).toContain(`\`${operator}\``);
});
