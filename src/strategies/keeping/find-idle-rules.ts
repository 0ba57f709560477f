import type { Profile } from '../../profiles/history.js';
import type { Rule } from '../rules/rule.js';
import type { Observed } from './find-conflicts.js';
import type { Finding } from './finding.js';
import type { Node } from './node.js';
import { solve } from './solve.js';
import { spellNode } from './spell-node.js';
import { type Found, search, type Study } from './study.js';

/** Rules that match nobody, and rules that match but never win. */
export function findIdleRules(
  rules: readonly Rule[],
  study: Study,
  found: readonly Found[],
  observed: Observed,
): Finding[] {
  return rules.flatMap((rule, i): Finding[] => {
    const itself = found[i];
    const matches = itself?.profile !== undefined || (observed.matched[i] ?? 0) > 0;
    if (!matches) return [unmatched(rule, study, i, itself)];
    return (observed.won[i] ?? 0) > 0 ? [] : shadowed(rules, study, i);
  });
}

function unmatched(rule: Rule, study: Study, i: number, found: Found | undefined): Finding {
  const about = { rules: [rule.id] };
  if (found?.profile === undefined && found?.impossible === true) {
    const why = contradiction(study, study.nodes[i]);
    const message = `"${rule.id}" can match nobody${why ? `: ${why}` : ': its comparisons contradict each other'}.`;
    return { ...about, code: 'dead', severity: 'error', message };
  }
  const message = `No recipient was found that "${rule.id}" matches, stored or made up. Look whether its comparisons contradict each other, and give it a test that shows whom it is for.`;
  return { ...about, code: 'never_found', severity: 'warning', message };
}

/** The two parts of an `all` that exclude each other, in words; or one part that excludes itself. */
function contradiction(study: Study, node: Node | undefined): string | undefined {
  if (node?.kind !== 'all') return undefined;
  const possible = (...parts: readonly Node[]): boolean => {
    const goals = parts.map((part) => ({ node: part, wanted: true }));
    const { solutions, isComplete } = solve(goals, study, 500);
    for (const _ of solutions) return true;
    return !isComplete();
  };
  for (const [i, one] of node.children.entries()) {
    if (!possible(one)) return `${spellNode(one)} is never true`;
    const other = node.children.slice(i + 1).find((later) => !possible(one, later));
    if (other) return `${spellNode(one)} and ${spellNode(other)} exclude each other`;
  }
  return undefined;
}

/** Rules before which another always comes first. */
function shadowed(rules: readonly Rule[], study: Study, i: number): Finding[] {
  const rule = rules[i];
  const before = rules.slice(0, i);
  if (rule === undefined || before.length === 0) return [];
  const all = search(
    study,
    [i],
    before.map((_, e) => e),
  );
  if (all.profile !== undefined) return [];
  const one = all.impossible ? before.find((_, e) => isImpossible(search(study, [i], [e]))) : undefined;
  const message = one
    ? `"${rule.id}" never wins: "${one.id}" goes before it and matches everybody whom it matches.`
    : all.impossible
      ? `"${rule.id}" never wins: whomever it matches, one of the rules before it matches too.`
      : `Nobody was found for whom "${rule.id}" wins: for every recipient that it matches, stored or made up, a rule before it matches too.`;
  const mend = ' Remove it, narrow the rules before it, or move it up.';
  const about = { rules: one ? [one.id, rule.id] : [rule.id] };
  return [{ ...about, code: 'shadowed', severity: 'warning', message: message + mend }];
}

function isImpossible(found: Found): boolean {
  return found.profile === undefined && found.impossible;
}

/** For each rule somebody whom it matches, if there is somebody. */
export function profilesOf(found: readonly Found[]): (Profile | undefined)[] {
  return found.map(({ profile }) => profile);
}
