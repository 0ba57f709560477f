import { Segments, compileCondition } from '../../profiles/conditions/compile-condition.js';
import type { Scalar } from '../../profiles/conditions/condition.js';
import {
  eventsOfConditions,
  featuresOfConditions,
  needsOfCondition,
  traitsOfConditions,
} from '../../profiles/conditions/prepare-condition.js';
import { Subject } from '../../profiles/conditions/subject.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { knownTrait } from '../../profiles/known-trait.js';
import { conditionsOf as segmentConditions, segmentsNamed } from '../../profiles/segments/segment.js';
import type { Choice, Decider, Json, Parts, StrategyKind } from '../strategy.js';
import { contentsOf, resolveSlots } from '../strategy.js';
import {
  type Fork,
  type Node,
  type Range,
  type Switch,
  type TreeState,
  conditionsOf,
  isInRange,
  isRange,
  leafNodesOf,
  switchesOf,
  valuesOf,
} from './node.js';
import { parseTree } from './parse-tree.js';
import { traceTree } from './trace-tree.js';

/** Content at the one leaf of a decision tree that a profile comes to. */
export const treeKind: StrategyKind<TreeState> = {
  kind: 'tree',
  summary: 'Delivers the content of the one leaf of a decision tree that the recipient comes to.',
  parse: parseTree,
  needs: ({ root }, segments) => {
    const conditions = segmentConditions(segments);
    return joinNeeds(conditionsOf(root).map((condition) => needsOfCondition(condition, conditions)));
  },
  readsTraits: ({ root }, segments) => {
    const asked = traitsOfConditions(conditionsOf(root), segmentConditions(segments));
    return [...new Set([...asked, ...switchesOf(root).map(({ by }) => by)])].sort();
  },
  readsFeatures: ({ root }, segments) =>
    featuresOfConditions(conditionsOf(root), segmentConditions(segments)),
  readsEvents: ({ root }, segments) => eventsOfConditions(conditionsOf(root), segmentConditions(segments)),
  references: ({ root }) => ({
    contents: leafNodesOf(root).flatMap(({ slots }) => contentsOf(slots)),
    segments: segmentsNamed(...conditionsOf(root)),
    items: [],
    catalogue: false,
  }),
  mayDecline: () => false,
  slotNames: ({ root }) => [...new Set(leafNodesOf(root).flatMap(({ slots }) => Object.keys(slots)))],
  prepare,
};

function prepare({ root }: TreeState, parts: Parts): Decider {
  const conditions = segmentConditions(parts.segments);
  const choose = compileNode(root, parts, new Segments(conditions));
  return {
    decide: (profile, _, clock) => choose(new Subject(profile, clock.getTime())).choice,
    gist: (profile, _, clock) => ({ leaf: choose(new Subject(profile, clock.getTime())).leaf }),
    trace: (profile, _, clock) => traceTree(root, conditions, profile, clock.getTime()) as unknown as Json,
  };
}

interface Leaf {
  readonly leaf: string;
  readonly choice: Choice;
}
type Choose = (subject: Subject) => Leaf;

function compileNode(node: Node, parts: Parts, segments: Segments): Choose {
  if ('leaf' in node) {
    const slots = resolveSlots(node.slots, parts.contents);
    const choice: Choice = { slots, reason: `leaf ${node.leaf}`, probability: 1 };
    const leaf = { leaf: node.leaf, choice };
    return () => leaf;
  }
  return 'if' in node ? compileFork(node, parts, segments) : compileSwitch(node, parts, segments);
}

function compileFork(node: Fork, parts: Parts, segments: Segments): Choose {
  const holds = compileCondition(node.if, segments);
  const [then, otherwise] = [node.then, node.else].map((inner) => compileNode(inner, parts, segments));
  if (!then || !otherwise) throw new Error('a fork has two ways');
  return (subject) => (holds(subject) ? then : otherwise)(subject);
}

function compileSwitch({ by, cases, else: rest }: Switch, parts: Parts, segments: Segments): Choose {
  const otherwise = compileNode(rest, parts, segments);
  const byValue = new Map<Scalar, Choose>();
  const ranges: { range: Range; then: Choose }[] = [];
  for (const { when, then: inner } of cases) {
    const then = compileNode(inner, parts, segments);
    for (const value of valuesOf(when)) byValue.set(value, then);
    if (isRange(when)) ranges.push({ range: when, then });
  }
  return (subject) => {
    const value = knownTrait(subject.profile.traits, by);
    if (value === undefined) return otherwise(subject);
    const exact = byValue.get(value);
    if (exact) return exact(subject);
    const within =
      typeof value === 'number' ? ranges.find(({ range }) => isInRange(value, range)) : undefined;
    return (within?.then ?? otherwise)(subject);
  };
}
