import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { parseYaml } from '../../../src/files/parse-yaml.js';
import { readStrategyText } from '../../../src/flows/read-strategy-text.js';
import { parseSegment } from '../../../src/profiles/segments/segment.js';
import { contentHash } from '../../../src/strategies/content-hash.js';
import type { Custody } from '../../../src/strategies/custody.js';
import { jsonSchemas } from '../../../src/strategies/json-schema.js';
import { findKind } from '../../../src/strategies/registry.js';
import { profileOfTest } from '../../../src/strategies/table-test.js';
import { misfit } from '../../support/json-schema.js';

/** The examples of the articles that this service began with, as rules with tests beside them; docs/rules.md shows them. */

const examples = resolve(import.meta.dirname, '../../../docs/examples');
const textsIn = (folder: string) =>
  readdirSync(join(examples, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name): [string, string] => [name, readFileSync(join(examples, folder, name), 'utf8')]);

const segments = new Map(
  textsIn('segments').map(([name, text]) => {
    const yaml = parseYaml(text);
    const segment = parseSegment(yaml.ok ? yaml.value : undefined);
    if (!segment.ok) throw new Error(`${name}: ${JSON.stringify([yaml, segment])}`);
    return [`${segment.value.name}@1`, segment.value];
  }),
);

function valueOf(text: string): { kind: string } {
  const yaml = parseYaml(text);
  if (!yaml.ok) throw new Error(JSON.stringify(yaml.problems));
  return yaml.value as { kind: string };
}

describe.each(textsIn('rules'))('%s', (_, text) => {
  const read = readStrategyText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { kind, definition } = read.value;
  const { tests = [], owner, purpose } = definition as Custody;
  const decider = findKind(kind)!.prepare(definition, { learned: null, contents: new Map(), segments });

  test('says whose it is and why, and is tested', () => {
    expect(owner).toBeDefined();
    expect(purpose).toBeDefined();
    expect(tests.length).toBeGreaterThan(2);
  });

  test.each(tests)('$name', (one) => {
    const { profile, clock } = profileOfTest(one);
    const choice = decider.decide(profile, () => [], clock);
    const { slots, reason } = 'noChoice' in choice ? { slots: {}, reason: null } : choice;
    expect(reason?.replace(/^(rule|leaf) /, '') ?? null).toBe(one.expect.rule);
    expect(slots).toMatchObject(one.expect.slots ?? {});
    expect(decider.trace(profile, () => [], clock)).toMatchObject({ winner: one.expect.rule });
  });

  test('has the same hash as YAML, as JSON with other blanks, and in its canonical form', () => {
    const hash = contentHash(read.value);
    for (const spelled of [JSON.stringify(valueOf(text)), JSON.stringify(valueOf(text), null, 7), JSON.stringify(definition)]) {
      const again = readStrategyText(spelled);
      expect(again.ok && contentHash(again.value)).toBe(hash);
    }
  }); // prettier-ignore

  test('fits the published schema, and breaks it when it is broken', () => {
    const schema = jsonSchemas[kind as 'rules']();
    expect(misfit(schema, valueOf(text))).toBeUndefined();
    expect(misfit(schema, definition)).toBeUndefined();
    const broken = [
      text.replace(/event: \w+/, 'event: bought'),
      text.replace(/slots:/, 'slot:'),
      text.replace(/kind: \w+/, 'kind: rule'),
      text.replace(/^purpose: /m, 'purposes: '),
      text.replace(/value: |by: /, 'values: '),
    ];
    for (const one of broken.filter((changed) => changed !== text)) {
      expect([one.slice(0, 40), misfit(schema, valueOf(one))]).not.toEqual([one.slice(0, 40), undefined]);
      expect(readStrategyText(one).ok).toBe(false);
    }
  });
});
