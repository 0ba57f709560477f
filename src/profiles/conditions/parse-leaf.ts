import { z } from 'zod';

import { eventClasses } from '../../experiments/experiment.js';
import { currencyExponent, parseAmount } from '../../experiments/money.js';
import { features, findFeature } from '../features/feature.js';
import {
  type Condition,
  type EventLeaf,
  type EventMeasure,
  type FeatureLeaf,
  type PropertyFilter,
  type TraitLeaf,
  classedEvents,
} from './condition.js';
import {
  type WrittenEventLeaf,
  eventLeafSchema,
  featureLeafSchema,
  segmentLeafSchema,
  spellings,
  traitLeafSchema,
} from './leaf-schemas.js';

type Report = (path: readonly PropertyKey[], message: string) => void;

/** One comparison in its canonical form. What is wrong is reported with its place; the answer then means nothing. */
export function parseLeaf(input: unknown, path: readonly PropertyKey[], report: Report): Condition {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return formless(path, report);
  const at: Report = (inside, message) => report([...path, ...inside], message);
  if (Object.hasOwn(input, 'event')) return parseEventLeaf(input, at);
  if (Object.hasOwn(input, 'segment')) return check(segmentLeafSchema, input, at) ?? z.NEVER;
  if (Object.hasOwn(input, 'feature')) return parseFeatureLeaf(input, at);
  if (!Object.hasOwn(input, 'trait')) return formless(path, report);
  const leaf = check(traitLeafSchema, input, at);
  return leaf ? (canonicalTest(leaf) as TraitLeaf) : z.NEVER;
}

function formless(path: readonly PropertyKey[], report: Report): Condition {
  report(
    path,
    'must be {"all": […]}, {"any": […]}, {"not": …}, or a comparison of a "trait", "event", "feature" or "segment"',
  );
  return z.NEVER;
}

function check<T>(schema: z.ZodType<T>, input: unknown, report: Report): T | undefined {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const strange = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const names = strange.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 64)));
    report(issue.path, names.length > 0 ? `must not have ${names.join(', ')} here` : issue.message);
  }
  return undefined;
}

function parseFeatureLeaf(input: object, report: Report): Condition {
  const leaf = check(featureLeafSchema, input, report);
  if (!leaf) return z.NEVER;
  const feature = findFeature(leaf.feature);
  if (!feature) {
    const known = `${Object.keys(features).join(', ')}, count(EVENT, CATEGORY, 30d), spend(EUR, CATEGORY, 30d), engagement_score(view 1, purchase 20, 30d), lifecycle_stage(new 30d, loyal 5, active 90d, churned)`;
    report(['feature'], `is no feature; there are ${known}`);
  }
  return { ...canonicalTest(leaf), feature: feature?.name ?? leaf.feature } as FeatureLeaf;
}

/** The one word for each operator. */
function canonicalOp(op: string): string {
  return Object.hasOwn(spellings, op) ? spellings[op as keyof typeof spellings] : op;
}

function canonicalTest(test: { readonly op: string }): object {
  return { ...test, op: canonicalOp(test.op) };
}

function parseEventLeaf(input: object, report: Report): Condition {
  const written = check(eventLeafSchema, input, report);
  if (!written) return z.NEVER;
  const measure = written.measure ?? 'count';
  if (written.op === undefined && written.value === undefined && measure === 'count') {
    // "Did it" is "did it at least once".
    return parseEventLeaf({ ...written, op: 'gte', value: 1 }, report);
  }
  const problems = [
    ...problemsOfQuestion(written, measure),
    ...problemsOfBound(written, measure, canonicalOp(written.op ?? '')),
  ];
  for (const [key, message] of problems) report([key], message);
  return problems.length > 0 ? z.NEVER : canonicalEventLeaf(written, measure);
}

function canonicalEventLeaf(written: WrittenEventLeaf, measure: EventMeasure): EventLeaf {
  const { event, where = [], property, currency, within } = written;
  const classes = classedEvents.includes(event) ? (written.classes ?? ['human']) : undefined;
  const leaf = {
    event,
    ...(where.length > 0 && { where: where.map((filter) => canonicalTest(filter) as PropertyFilter) }),
    ...(classes && { classes: eventClasses.filter((one) => classes.includes(one)) }),
    measure,
    ...(property !== undefined && { property }),
    ...(currency !== undefined && { currency }),
    op: canonicalOp(written.op ?? ''),
    value: written.value,
    ...(within !== undefined && { within }),
  };
  return leaf as EventLeaf;
}

type LeafProblem = readonly [key: string, message: string];

const textColumns = ['item', 'category', 'order', 'currency'];

/** What does not go together in what is measured. */
function problemsOfQuestion(
  { event, classes, property, currency }: WrittenEventLeaf,
  measure: EventMeasure,
): LeafProblem[] {
  const problems: LeafProblem[] = [];
  if (classes && !classedEvents.includes(event)) {
    problems.push(['classes', `belong to ${classedEvents.join(' and ')} only: leave them out`]);
  }
  const measuresProperty = measure === 'sum' || measure === 'distinct';
  if (measuresProperty && property === undefined) {
    problems.push(['property', `is missing: say what ${measure} looks at, such as "value" or "item"`]);
  }
  if (!measuresProperty && property !== undefined) {
    problems.push(['property', `is for sum and distinct only: for a ${measure} filter with "where"`]);
  }
  if (measure === 'sum' && property !== undefined && textColumns.includes(property)) {
    problems.push(['property', `"${property}" is a text and has no sum: sum "value" or a number of yours`]);
  }
  const isMoney = measure === 'sum' && property === 'value';
  if (isMoney && currency === undefined) {
    problems.push(['currency', 'is missing: a sum of "value" is of one currency, such as USD']);
  }
  if (!isMoney && currency !== undefined) {
    problems.push(['currency', 'is for the sum of "value" only: filter with "where" instead']);
  }
  return problems;
}

/** What does not go together in how it is compared. */
function problemsOfBound(
  { value, currency, property }: WrittenEventLeaf,
  measure: EventMeasure,
  op: string,
): LeafProblem[] {
  if (op === '') return [['op', 'is missing: say how to compare, such as gte']];
  if (value === undefined) return [['value', 'is missing: say what to compare with']];
  const bounds = typeof value === 'number' ? [value] : value;
  if ((op === 'between') !== (bounds.length === 2)) {
    return [['value', op === 'between' ? 'must be two numbers, as in [2, 5]' : 'must be one number']];
  }
  if (measure === 'days_since_first' || measure === 'days_since_last') {
    if (op === 'eq' || op === 'ne')
      return [['op', 'days go by in fractions: use gt, gte, lt, lte or between']];
    return isWhole(bounds, 9_999) ? [] : [['value', 'must be whole days from 0 to 9999']];
  }
  if (measure !== 'sum') {
    return isWhole(bounds, 1e9) ? [] : [['value', 'must be a whole number from 0: it counts events']];
  }
  if (property !== 'value' || currency === undefined) return [];
  const digits = currencyExponent(currency);
  const isAmount = bounds.every((bound) => parseAmount(String(bound), digits) !== undefined);
  if (isAmount) return [];
  return [['value', `must be an amount of ${currency} with at most ${digits} digits after the point`]];
}

function isWhole(bounds: readonly number[], most: number): boolean {
  return bounds.every((bound) => Number.isInteger(bound) && bound >= 0 && bound <= most);
}
