import type { Condition } from '../profiles/conditions/condition.js';
import { featuresOfConditions, traitsOfConditions } from '../profiles/conditions/prepare-condition.js';
import {
  addAsker,
  type Asker,
  askersOf,
  type AskingSegment,
  type AskingStrategy,
  type AskingTemplate,
  byNameAndVersion,
} from './askers.js';
import { describeFeature, type NamedFeature } from './feature-catalogue.js';
import type { Parts } from './strategy.js';

/** A feature that somebody asks for; strategies first, then segments and templates, each by name and version. */
export interface FeatureInUse extends NamedFeature {
  readonly askedBy: readonly Asker[];
}

/**
 * Every feature that these ask for, by name, with who asks. A trait that a condition or a template looks at is `trait.NAME` here,
 * as models name it.
 *
 * @param pinned every segment that is named, directly or by another segment, by `name@version`.
 */
export function featuresInUse(
  strategies: readonly AskingStrategy[],
  segments: readonly AskingSegment[],
  pinned: Parts['segments'],
  templates: readonly AskingTemplate[],
): FeatureInUse[] {
  const askers = askersOf(strategies, segments, pinned, {
    ofKind: (kind, definition, own) => [
      ...kind.readsFeatures(definition, own),
      ...kind.readsTraits(definition, own).map(asFeature),
    ],
    ofCondition: (when, conditions) => namesIn(when, conditions),
  });
  for (const template of byNameAndVersion(templates)) {
    for (const { name, description } of template.traits)
      addAsker(askers, asFeature(name), shownTemplate(template, description));
  }
  const names = [...askers.keys()].sort();
  return names.map((name) => ({ ...describeFeature(name), askedBy: askers.get(name) ?? [] }));
}

function namesIn(when: Condition, conditions: ReadonlyMap<string, Condition>): string[] {
  return [
    ...featuresOfConditions([when], conditions),
    ...traitsOfConditions([when], conditions).map(asFeature),
  ];
}

const asFeature = (trait: string): string => `trait.${trait}`;

function shownTemplate(
  { name, version, newest, usedBy }: AskingTemplate,
  description: string | undefined,
): Asker {
  return {
    ...{ what: 'template', name, version, newest, usedBy },
    ...(description !== undefined && { purpose: description }),
    through: [],
  };
}
