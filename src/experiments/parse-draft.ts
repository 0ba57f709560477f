import type { ExperimentDraft } from './draft.js';
import { draftSchema } from './draft.js';
import { armCount, armsOf } from './arms.js';
import { writeOutMetric } from './built-in-metrics.js';
import { metricProblems, readsMoney } from './metric-problems.js';
import { type Parsed, type Problem, readWith } from './read-with.js';
import { toCohort } from './to-cohort.js';

/** More arms than anybody can fill with recipients; a limit that keeps answers and pages readable. */
const mostArms = 64;

/** Checks the shape and the inner consistency of a draft; says everything that is wrong at once. */
export function parseDraft(input: unknown): Parsed<ExperimentDraft> {
  const parsed = readWith(draftSchema, input);
  if (!parsed.ok) return parsed;
  const draft: ExperimentDraft = { ...parsed.value, metrics: parsed.value.metrics.map(writeOutMetric) };
  const problems = [
    ...duplicateKeys(draft),
    ...designProblems(draft),
    ...slotProblems(draft),
    ...templateProblems(draft),
    ...problemsOfMetrics(draft),
    ...currencyProblems(draft),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: draft };
}

function duplicateKeys(draft: ExperimentDraft): Problem[] {
  const lists: [string, readonly string[]][] = [
    ['factors', draft.factors.map((factor) => factor.key)],
    ...draft.factors.map((factor, f): [string, string[]] => [
      `factors[${f}].levels`,
      factor.levels.map((l) => l.key),
    ]),
    ['metrics', draft.metrics.map((metric) => metric.key)],
    ['cohorts', draft.cohorts.map((cohort) => toCohort(cohort).trait)],
  ];
  return lists.flatMap(([path, keys]) =>
    keys.flatMap((key, i) =>
      keys.indexOf(key) < i
        ? [{ path: `${path}[${i}]`, message: `"${key}" stands here twice; give each its own key` }]
        : [],
    ),
  );
}

function designProblems(draft: ExperimentDraft): Problem[] {
  const problems: Problem[] = [];
  const arms = armCount(draft.factors);
  if (arms < 2)
    problems.push({ path: 'factors', message: 'an experiment compares at least two arms; add a level' });
  if (arms > mostArms) {
    problems.push({
      path: 'factors',
      message: `this design has ${arms} arms; at most ${mostArms} are allowed`,
    });
    return problems;
  }
  const keys = armsOf(
    draft.factors.map((f) => ({ levels: f.levels.map((l) => ({ key: l.key, title: l.key })) })),
  ).map((arm) => arm.key);
  if (draft.control !== undefined && !keys.includes(draft.control)) {
    problems.push({
      path: 'control',
      message: `no arm is called "${draft.control}"; the arms are ${keys.join(', ')}`,
    });
  }
  if (draft.weights && draft.weights.length !== arms) {
    problems.push({ path: 'weights', message: `give ${arms} weights, one for each of ${keys.join(', ')}` });
  }
  if (draft.weights && draft.weights.filter((weight) => weight > 0).length < 2) {
    problems.push({ path: 'weights', message: 'at least two arms need a weight above 0' });
  }
  return problems;
}

function slotProblems(draft: ExperimentDraft): Problem[] {
  const problems: Problem[] = [];
  const owner = new Map<string, string>();
  draft.factors.forEach((factor, f) => {
    factor.levels.forEach((level, l) => {
      const path = `factors[${f}].levels[${l}]`;
      const isStrategy = factor.key === 'strategy';
      if (isStrategy && level.strategy === undefined) {
        problems.push({
          path: `${path}.strategy`,
          message: 'a level of the factor "strategy" names a strategy version',
        });
      }
      if (isStrategy && level.slots) {
        problems.push({
          path: `${path}.slots`,
          message: 'content of this factor comes from its strategy; use a static strategy',
        });
      }
      if (!isStrategy && (level.strategy !== undefined || level.fallback || level.learned !== undefined)) {
        problems.push({
          path,
          message:
            'only levels of the factor "strategy" have a strategy, what it has learned, and a fallback',
        });
      }
      for (const slot of Object.keys(level.slots ?? {})) {
        const other = owner.get(slot) ?? factor.key;
        owner.set(slot, other);
        if (other !== factor.key) {
          problems.push({
            path: `${path}.slots.${slot}`,
            message: `the factor "${other}" sets the slot "${slot}" too; one factor owns a slot`,
          });
        }
      }
    });
  });
  return problems;
}

/** One template for all arms, or one on every level of one factor. */
function templateProblems(draft: ExperimentDraft): Problem[] {
  const problems: Problem[] = [];
  const owners = draft.factors.filter(({ levels }) => levels.some(({ template }) => template !== undefined));
  for (const [f, factor] of draft.factors.entries()) {
    if (!owners.includes(factor)) continue;
    for (const [l, level] of factor.levels.entries()) {
      const path = `factors[${f}].levels[${l}].template`;
      if (level.template === undefined) {
        problems.push({ path, message: 'the other levels name a template: name one for this level too' });
      } else if (draft.template !== undefined) {
        problems.push({
          path,
          message: 'the experiment has one template for all arms; name it there or here',
        });
      } else if (factor !== owners[0]) {
        const other = owners[0]?.key ?? '';
        problems.push({ path, message: `the factor "${other}" has the templates; one factor owns them` });
      }
    }
  }
  return problems;
}

function problemsOfMetrics(draft: ExperimentDraft): Problem[] {
  const around = { currency: draft.currency, hasWindow: draft.window !== undefined };
  const problems = draft.metrics.flatMap((metric, i) =>
    metricProblems(metric, around).map((one) => ({ ...one, path: `metrics[${i}].${one.path}` })),
  );
  if (draft.metrics.filter((metric) => metric.role === 'primary').length > 1) {
    problems.push({ path: 'metrics', message: 'one metric is primary; make the others secondary' });
  }
  return problems;
}

function currencyProblems(draft: ExperimentDraft): Problem[] {
  const { currency, exchange } = draft;
  if (currency === undefined && draft.metrics.some(readsMoney)) {
    return [{ path: 'currency', message: 'a money metric needs a currency, such as "EUR"' }];
  }
  if (exchange === undefined) return [];
  if (currency === undefined) {
    return [{ path: 'currency', message: 'rates lead to a currency; say which, such as "EUR"' }];
  }
  if (!Object.hasOwn(exchange, currency)) return [];
  return [
    {
      path: `exchange.${currency}`,
      message: `${currency} is the currency of the experiment and needs no rate; remove it`,
    },
  ];
}
