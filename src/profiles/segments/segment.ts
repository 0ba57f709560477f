import { z } from 'zod';
import { type Parsed, readWith } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import { type Condition, leavesOf } from '../conditions/condition.js';
import { conditionSchema } from '../conditions/parse-condition.js';

/** A live audience: everybody for whom its condition holds at this moment. Versions never change. */
export interface Segment {
  readonly name: string;
  /** 1, 2, 3, … within a name. */
  readonly version: number;
  /** Of everything that it says. */
  readonly hash: string;
  readonly title: string;
  readonly description?: string;
  readonly when: Condition;
}

export interface SegmentDraft {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly when: Condition;
}

export const segmentNameSchema = z
  .string('must be a text')
  .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'use 1 to 128 of a-z, 0-9, dot, - and _');

const schema = z.strictObject(
  {
    name: segmentNameSchema,
    title: text(120).min(1, 'must not be empty').optional(),
    description: text(2_000).min(1, 'must not be empty: leave it out').optional(),
    when: conditionSchema,
  },
  'must be an object with name and when',
);

/** A segment as somebody wrote it, its condition in its one form. References may still be without a version. */
export function parseSegment(input: unknown): Parsed<SegmentDraft> {
  const parsed = readWith(schema, input);
  if (!parsed.ok) return parsed;
  const { name, title, description, when } = parsed.value;
  return {
    ok: true,
    value: { name, title: title ?? name, ...(description !== undefined && { description }), when },
  };
}

export function referenceOf({ name, version }: Pick<Segment, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** `name` of `name@3`. */
export function nameOfReference(reference: string): string {
  return reference.replace(/@\d+$/, '');
}

/** The segments that conditions name, each once, in order. */
export function segmentsNamed(...conditions: readonly Condition[]): string[] {
  const leaves = conditions.flatMap(leavesOf);
  return [...new Set(leaves.flatMap((leaf) => ('segment' in leaf ? [leaf.segment] : [])))].sort();
}

/**
 * A way from a segment back to its own name, as in `["b", "a@1", "b@1"]`; undefined where there is none. Versions are pinned and
 * older than what names them, so that nothing would turn for ever; but a segment that rests on what it was before is a
 * mistake, and nobody could say in words what it means.
 *
 * @param known every segment that can be reached, by `name@version`.
 */
export function cycleFrom(
  name: string,
  when: Condition,
  known: ReadonlyMap<string, Pick<Segment, 'when'>>,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const open = segmentsNamed(when);
  for (const reference of open) cameFrom.set(reference, name);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (nameOfReference(next) === name) return pathTo(next, cameFrom, name);
    for (const further of segmentsNamed(known.get(next)?.when ?? { all: [] })) {
      if (cameFrom.has(further)) continue;
      cameFrom.set(further, next);
      open.push(further);
    }
  }
  return undefined;
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const path = [end];
  for (let at = cameFrom.get(end); at !== undefined && path[0] !== start; at = cameFrom.get(at))
    path.unshift(at);
  return path;
}

/** Conditions by `name@version`, as whoever evaluates them takes them. */
export function conditionsOf(
  segments: ReadonlyMap<string, Pick<Segment, 'when'>>,
): ReadonlyMap<string, Condition> {
  return new Map([...segments].map(([reference, { when }]) => [reference, when]));
}
