import { type Condition, leavesOf } from '../../profiles/conditions/condition.js';
import { prepareCondition } from '../../profiles/conditions/prepare-condition.js';
import type { Profile } from '../../profiles/history.js';
import { type Axes, type Axis, axesOf } from './axes.js';
import { Effort } from './effort.js';
import type { FeatureWay } from './feature-ways.js';
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
  /** Comparisons that each check makes, segments included. */
  readonly costs: readonly number[];
  /** Histories made so far, by the axis of a feature. */
  readonly made: Map<Axis, readonly FeatureWay[]>;
  /** What may still be spent on looking. */
  readonly effort: Effort;
}

/** For each thing that is looked for: half a second at the worst. */
const usualEffort = 3_000_000;

/** The same with an effort of its own, so that one search does not starve the next. */
export function afresh(about: Study): Study {
  return { ...about, effort: new Effort(usualEffort) };
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
  return {
    ...{ clock, axes, checks, links: linksOf(axes), nodes: nodesOf(whole, axes, clock) },
    made: new Map(),
    costs: whole.map((condition) => leavesOf(condition).length),
    effort: new Effort(usualEffort),
  };
}

/** Looks for a profile for which all of `yes` hold and none of `no`, by their positions. */
export function search(about: Study, yes: readonly number[], no: readonly number[]): Found {
  const { nodes, checks, costs, effort } = about;
  const goals = [...yes.map((i) => goal(nodes[i], true)), ...no.map((i) => goal(nodes[i], false))];
  const { solutions, isComplete } = solve(goals, about);
  const cost = [...yes, ...no].reduce((sum, i) => sum + (costs[i] ?? 0), 0);
  const check = (profile: Profile): boolean => {
    effort.spend(cost + profile.history.length);
    return yes.every((i) => checks[i]?.(profile) === true) && no.every((i) => checks[i]?.(profile) === false);
  };
  let tried = 0;
  for (const solution of solutions) {
    const profile = realize(solution, about, check);
    if (profile) return { profile };
    tried += 1;
    if (tried >= mostSolutions || effort.isSpent) break;
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
  const { effort, costs } = study;
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  const ways = new Map<number, Ways>();
  yield nobody;
  for (const [i, node] of study.nodes.entries()) {
    const base = found[i] ?? nobody;
    yield base;
    for (const position of new Set(axesIn(node))) {
      const axis = study.axes[position];
      if (!axis) continue;
      const known = ways.get(position) ?? edgeWays(axis, study);
      ways.set(position, known);
      for (const profile of edgesOf(axis, known, base)) {
        if (effort.isSpent) return;
        effort.spend(all + profile.history.length);
        yield profile;
      }
    }
  }
}

/** Somebody of whom nothing is known. */
export const nobody: Profile = { traits: {}, history: [] };

export function axesIn(node: Node): number[] {
  if (node.kind === 'leaf') return [node.axis];
  return node.kind === 'not' ? axesIn(node.child) : node.children.flatMap(axesIn);
}
