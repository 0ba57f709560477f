import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDefinitions, isEqual } from '../../../src/strategies/keeping/compare-definitions.js';
import { DifferenceCounter, spellDifference } from '../../../src/strategies/keeping/count-differences.js';
import { outlineAsText } from '../../../src/strategies/keeping/outline.js';
import { outlineOf } from '../../../src/strategies/keeping/outline-of.js';
import { partsOf } from '../../../src/strategies/keeping/parts-of.js';
import { outlineOfTrace } from '../../../src/strategies/keeping/spell-trace.js';
import { type Activation, standingOf, statusOf } from '../../../src/strategies/keeping/standing.js';
import { treeAsRules } from '../../../src/strategies/keeping/tree-as-rules.js';
import { prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import { treeKind } from '../../../src/strategies/tree/tree.js';
import type { TreeState } from '../../../src/strategies/tree/node.js';
import { lint, parsed, rule, rules, short } from './lint.js';

const gold = { trait: 'tier', op: 'eq', value: 'gold' };
const orders = (op: string, value: number) => ({ trait: 'orders', op, value });

describe('tests beside rules', () => {
  const withTests = (tests: object[]) => rules([rule('gold', gold), rule('many', orders('gt', 3), { priority: 1 })], { tests }); // prettier-ignore
  const member = { name: 'gold', traits: { tier: 'gold', orders: 9 } };

  it('pass with the rule and the slots that are expected', () => {
    const expectations = { rule: 'many', slots: { subject: 'many' } };
    const found = lint(withTests([{ ...member, expect: expectations }, { name: 'nobody', expect: { rule: 'default' } }])); // prettier-ignore
    expect(found.tests.map(({ passed }) => passed)).toEqual([true, true]);
    expect(short(found)).toEqual([]);
  });

  it('fail with what was decided instead, the losers, and why', () => {
    const found = lint(withTests([{ ...member, expect: { rule: 'gold' } }]));
    expect(short(found)).toEqual(['error test_failed gold many']);
    const text = outlineAsText(outlineOfTrace('rules', found.tests[0]!.trace!));
    expect(text).toContain('many wins over gold, which match as well');
    expect(text).toContain('orders is more than 3; found 9');
    const slot = lint(withTests([{ ...member, expect: { rule: 'many', slots: { subject: 'x' } } }]));
    expect(slot.findings[0]?.message).toContain('it expects "x" in subject, and "many" is delivered');
  });
});

describe('a tree', () => {
  const tree = (root: object, more: object = {}) => parsed({ kind: 'tree', owner: 'A', purpose: 'B', root, ...more }); // prettier-ignore
  const leaf = (id: string) => ({ leaf: id, slots: { subject: id } });
  const root = {
    by: 'country',
    cases: [
      { when: ['AT', 'DE'], then: { if: orders('gte', 3), then: leaf('many'), else: leaf('few') } },
      { when: { below: 10 }, then: leaf('low') },
      { when: { from: 10 }, then: leaf('high') },
    ],
    else: leaf('rest'),
  };

  it('is linted leaf by leaf, and has no conflicts of its own', () => {
    expect(short(lint(tree(root)))).toEqual([]);
    const bought = (op: string) => ({ event: 'purchase', measure: 'count', op, value: 3, within: '30d' });
    const never = { if: bought('gt'), then: { if: bought('lt'), then: leaf('a'), else: leaf('b') }, else: leaf('c') }; // prettier-ignore
    expect(short(lint(tree(never)))).toEqual(['error dead a']);
  });

  it('as rules comes to the leaf that the tree itself comes to, and to no other', () => {
    const { definition } = tree(root);
    const asRules = treeAsRules((definition as TreeState).root);
    const checks = asRules.map(({ id, when }) => ({ id, check: prepareCondition(when, new Map()) }));
    const parts = { learned: null, contents: new Map(), segments: new Map() };
    const { decide } = treeKind.prepare(definition as TreeState, parts);
    for (const country of [undefined, 'AT', 'DE', 'US', 30, 9.5, 10, -1, true])
      for (const n of [undefined, 2, 3]) {
        const traits = { ...(country !== undefined && { country }), ...(n !== undefined && { orders: n }) };
        const profile = { traits, history: [] };
        const matching = checks.filter(({ check }) => check(profile, 0)).map(({ id }) => id);
        const choice = decide(profile, () => [], new Date(0));
        expect([matching.length, 'slots' in choice && choice.slots['subject']]).toEqual([1, matching[0]]);
      }
  });
});

describe('the record of a name', () => {
  const entry = fc.record<Activation>({
    hash: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom('active', 'active', 'retired'),
  });

  it('has one active version at most, and drafts are those that were never in it', () => {
    fc.assert(
      fc.property(fc.array(entry), (record) => {
        const standing = standingOf(record);
        const statuses = ['a', 'b', 'c', 'd'].map((hash) => statusOf(hash, standing));
        expect(statuses.filter((status) => status === 'active').length).toBeLessThanOrEqual(1);
        expect(statuses[3]).toBe('draft');
        for (const [i, hash] of ['a', 'b', 'c'].entries())
          expect(statuses[i] === 'draft').toBe(record.every((one) => one.hash !== hash));
        expect(standing.before).not.toBe(standing.active ?? 'none');
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it('is gone back step by step, and forward again by activating', () => {
    const record: Activation[] = ['a', 'b', 'c'].map((hash) => ({ hash, status: 'active' }));
    const back = () => record.push({ hash: standingOf(record).before ?? 'nothing', status: 'active' });
    back();
    back();
    expect(record.map(({ hash }) => hash).join('')).toBe('abcba');
    expect(standingOf(record).before).toBeUndefined();
    record.push({ hash: 'c', status: 'active' });
    expect(standingOf(record)).toMatchObject({ active: 'c', before: 'a' });
  });
});

describe('two versions', () => {
  it('differ in the parts and fields that readers know', () => {
    const old = rules([rule('gold', gold), rule('old', orders('gt', 3), { priority: 2 })]);
    const now = rules([rule('gold', orders('gt', 3), { purpose: 'x' }), rule('new', gold, { priority: 2 })], { owner: 'Ana' }); // prettier-ignore
    const diff = compareDefinitions(partsOf(old), partsOf(now));
    expect(diff.added.map(({ name }) => name)).toEqual(['rule new']);
    expect(diff.removed.map(({ name }) => name)).toEqual(['rule old']);
    expect(diff.changed).toEqual([
      { name: 'strategy', fields: [{ field: 'owner', before: 'CRM team', after: 'Ana' }] },
      {
        name: 'rule gold',
        fields: [
          { field: 'if', before: 'tier is “gold”', after: 'orders is more than 3' },
          { field: 'purpose', after: 'x' },
        ],
      },
    ]);
    expect(isEqual(compareDefinitions(partsOf(old), partsOf(old)))).toBe(true);
    expect(diff.same).toBe(1);
  });

  it('are counted where the content changes, by move and slot', () => {
    const counter = new DifferenceCounter();
    const choice = (reason: string, subject: string) => ({ slots: { subject, top: 't' }, reason, probability: 1 }); // prettier-ignore
    for (let i = 0; i < 10_000; i += 1)
      counter.add(`r${i}`, choice('rule a', 'A'), i < 112 ? choice('rule b', 'B') : choice('default', 'A'));
    counter.add('none', choice('rule a', 'A'), { noChoice: 'no rule matched' });
    const result = counter.result();
    expect(spellDifference(result)).toBe('113 of 10,001 recipients change');
    expect(result.bySlot).toEqual([{ slot: 'subject', changed: 113 }, { slot: 'top', changed: 1 }]); // prettier-ignore
    expect(result.moves[0]).toEqual({ from: 'rule a', to: 'rule b', changed: 112 });
    expect(result.samples.map(({ recipientKey }) => recipientKey)).toEqual(['r0', 'r1', 'r2', 'none']);
    expect(result.samples[0]?.to).toEqual({ reason: 'rule b', slots: { subject: 'B' } });
  });

  it('are printed with every rule, in the order in which rules win', () => {
    const shown = outlineAsText(outlineOf(rules([rule('b', gold), rule('a', { not: orders('gt', 3) }, { exception: true })]))); // prettier-ignore
    expect(shown.split('\n')).toEqual([
      'The first rule that matches',
      '├─ a (exception)',
      '│  ├─ if: not orders is more than 3',
      '│  └─ subject: a',
      '├─ b',
      '│  ├─ if: tier is “gold”',
      '│  └─ subject: b',
      '└─ default (no rule matches)',
      '   └─ subject: Hello',
    ]);
  });
});
