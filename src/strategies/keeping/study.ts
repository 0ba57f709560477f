import type { Condition } from '../../profiles/conditions/condition.js';
import { prepareCondition } from '../../profiles/conditions/prepare-condition.js';
import type { Profile } from '../../profiles/history.js';
import { type Axes, axesOf } from './axes.js';
import { type Node, nodesOf } from './node.js';
import { type Link, linksOf } from './linked-axes.js';
import { edgesOf, edgeWays, realize, type Ways } from './realize.js';
import { type Goal, solve } from './solve.js';
import { withoutSegments } from './without-segments.js';

/** Conditions taken apart, to find recipients for whom some hold and others do not. */
export interface Study {
  readonly clock: number;
  readonly axes: Axes;
  readonly links: readonly Link[];
  readonly nodes: readonly Node[];
  /** The verdict of each condition, by the evaluator that decides for recipients as well. */
  readonly checks: readonly ((profile: Profile) => boolean)[];
}

/** What a search comes to: somebody, the proof that there is nobody, or neither. */
export type Found =
  { readonly profile: Profile } | { readonly profile?: undefined; readonly impossible: boolean };

/** Solutions that are tried to be met by a profile before a search is given up. */
const mostSolutions = 20;

export function study(
  conditions: readonly Condition[],
  segments: ReadonlyMap<string, Condition>,
  clock: number,
): Study {
  const whole = conditions.map((condition) => withoutSegments(condition, segments));
  const axes = axesOf(whole, clock);
  const checks = whole.map((condition) => {
    const verdict = prepareCondition(condition, new Map());
    return (profile: Profile) => verdict(profile, clock);
  });
  return { clock, axes, links: linksOf(axes), nodes: nodesOf(whole, axes, clock), checks };
}

/** Looks for a profile for which all of `yes` hold and none of `no`, by their positions. */
export function search(
  { nodes, checks, axes, links, clock }: Study,
  yes: readonly number[],
  no: readonly number[],
): Found {
  const goals = [...yes.map((i) => goal(nodes[i], true)), ...no.map((i) => goal(nodes[i], false))];
  const { solutions, isComplete } = solve(goals, { axes, links });
  const check = (profile: Profile): boolean =>
    yes.every((i) => checks[i]?.(profile) === true) && no.every((i) => checks[i]?.(profile) === false);
  let tried = 0;
  for (const solution of solutions) {
    const profile = realize(solution, axes, clock, check);
    if (profile) return { profile };
    tried += 1;
    if (tried >= mostSolutions) break;
  }
  return { impossible: tried === 0 && isComplete() };
}

function goal(node: Node | undefined, wanted: boolean): Goal {
  if (node === undefined) throw new Error('there is no such condition');
  return { node, wanted };
}

/**
 * Profiles at the edges of every condition: one that it holds for, and that one changed on one axis of the condition at a
 * time, to each value at which a verdict can turn.
 */
export function* edgeProfiles(study: Study, found: readonly (Profile | undefined)[]): Generator<Profile> {
  const ways = new Map<number, Ways>();
  yield nobody;
  for (const [i, node] of study.nodes.entries()) {
    const base = found[i] ?? nobody;
    yield base;
    for (const position of new Set(axesIn(node))) {
      const axis = study.axes[position];
      if (!axis) continue;
      const known = ways.get(position) ?? edgeWays(axis, study.axes, study.clock);
      ways.set(position, known);
      yield* edgesOf(axis, known, base);
    }
  }
}

/** Somebody of whom nothing is known. */
export const nobody: Profile = { traits: {}, history: [] };

export function axesIn(node: Node): number[] {
  if (node.kind === 'leaf') return [node.axis];
  return node.kind === 'not' ? axesIn(node.child) : node.children.flatMap(axesIn);
}
