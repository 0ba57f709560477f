import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/files/parse-yaml.js';
import { findKind } from '../../../src/strategies/registry.js';

const folder = new URL('../../../docs/examples/strategies/', import.meta.url);
const guide = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');
const kinds = ['propensity', 'churn', 'next_best_offer', 'next_best_action', 'affinity'];
const examples = readdirSync(folder).map((name) => {
  const read = parseYaml(readFileSync(new URL(name, folder), 'utf8'));
  if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.problems)}`);
  return { name, definition: read.value as { kind: string; owner?: string; purpose?: string } };
});

describe('examples of strategies that predict', () => {
  test.each(kinds)('there is one of the kind %s, with owner and purpose, which the guide names', (kind) => {
    const found = examples.find(({ definition }) => definition.kind === kind);
    expect(found?.definition.owner).toBeDefined();
    expect(found?.definition.purpose).toBeDefined();
    expect(guide).toContain(`examples/strategies/${found?.name}`);
    expect(guide).toContain(`\`${kind}\``);
    expect(findKind(kind)?.parse(found?.definition)).toMatchObject({ ok: true });
  });
});
