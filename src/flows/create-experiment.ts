import type { Knex } from 'knex';
import type { ExperimentDraft } from '../experiments/draft.js';
import type { Experiment, StoredExperiment } from '../experiments/experiment.js';
import { parseDraft } from '../experiments/parse-draft.js';
import { slotConflicts, toExperiment } from '../experiments/to-experiment.js';
import { insertExperiment } from '../database/experiments.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict, type InputProblem } from '../errors.js';
import { findKind } from '../strategies/registry.js';
import type { Context } from './context.js';
import { pinContents } from './load-contents.js';
import { pinSegments } from './load-segments.js';
import { pinStrategies } from './pin-strategies.js';
import { pinTemplates } from './pin-templates.js';

/**
 * Stores an experiment as a draft. Strategies written inside it are registered as versions of their own, named
 * after the experiment and the level; all are pinned by content hash.
 *
 * @throws bad_input `invalid_experiment` with every problem found; conflict `experiment_exists`.
 */
export async function createExperiment(ctx: Context, input: unknown): Promise<StoredExperiment> {
  const parsed = parseDraft(input);
  if (!parsed.ok) throw invalid(parsed.problems);
  const now = ctx.clock();
  const salt = ctx.newId();
  return inTransaction(ctx.db, async (trx) => {
    const { pins, problems: unpinned } = await pinStrategies(trx, parsed.value, now);
    if (unpinned.length > 0) throw invalid(unpinned);
    const templates = await pinTemplates(trx, parsed.value);
    if (templates.problems.length > 0) throw invalid(templates.problems);
    const draft = await pinSlots(trx, parsed.value);
    const experiment = toExperiment(draft, {
      salt,
      strategyHash: (factor, level) => pins.get(`${factor} ${level}`)?.hash,
      templateHash: templates.templateHash,
    });
    const problems = slotProblems(experiment, pins);
    if (problems.length > 0) throw invalid(problems);
    if (!(await insertExperiment(trx, experiment, now))) {
      throw conflict(
        'experiment_exists',
        `There is an experiment "${experiment.key}" already; choose another key.`,
      );
    }
    return { ...experiment, status: 'draft', createdAt: now.toISOString() };
  });
}

/** The draft with the contents and segments that it names pinned to a version; strategies have theirs already. */
async function pinSlots(trx: Knex, draft: ExperimentDraft): Promise<ExperimentDraft> {
  const factors = draft.factors.map(({ levels }) => ({
    levels: levels.map(({ slots, fallback }) => ({ slots, fallback })),
  }));
  const pinned = await pinContents(trx, { factors, fallback: draft.fallback });
  if (!pinned.ok) throw invalid(pinned.problems);
  const cohorts = await pinSegments(trx, { cohorts: draft.cohorts });
  if (!cohorts.ok) throw invalid(cohorts.problems);
  const { fallback } = pinned.value;
  return {
    ...draft,
    ...cohorts.value,
    ...(fallback && { fallback }),
    factors: draft.factors.map((factor, f) => ({
      ...factor,
      levels: factor.levels.map((level, l) => {
        const own = pinned.value.factors[f]?.levels[l];
        return {
          ...level,
          ...(own?.slots && { slots: own.slots }),
          ...(own?.fallback && { fallback: own.fallback }),
        };
      }),
    })),
  };
}

/** Two owners of one slot, and fallbacks that would leave a slot of their strategy blank. */
function slotProblems(experiment: Experiment, pins: ReadonlyMap<string, StrategyVersion>): InputProblem[] {
  const problems: InputProblem[] = [];
  const all = new Set<string>();
  for (const [f, factor] of experiment.factors.entries()) {
    for (const [l, level] of factor.levels.entries()) {
      const version = pins.get(`${f} ${l}`);
      const slots = version ? (findKind(version.kind)?.slotNames(version.definition) ?? []) : [];
      const fallback = Object.keys({ ...experiment.fallback, ...level.fallback }).filter(
        (slot) => slots.includes(slot) || Object.hasOwn(level.fallback ?? {}, slot),
      );
      if (version && fallback.length === 0 && findKind(version.kind)?.mayDecline(version.definition)) {
        const message =
          'this strategy has nothing for some recipients, and those would drop out of this arm alone; give a fallback here or for the whole experiment, or the strategy a default';
        problems.push({ path: `factors[${f}].levels[${l}].fallback`, message });
      }
      for (const slot of [...slots, ...fallback]) all.add(slot);
      const missing = fallback.length > 0 ? slots.filter((slot) => !fallback.includes(slot)) : [];
      if (missing.length > 0) {
        const message = `the fallback leaves ${missing.join(', ')} blank; give every slot of the strategy`;
        problems.push({ path: `factors[${f}].levels[${l}].fallback`, message });
      }
    }
  }
  const conflicts = slotConflicts(experiment.factors, [...all]);
  if (conflicts.length > 0) {
    const message = `a strategy and another factor both set ${conflicts.join(', ')}; one factor owns a slot`;
    problems.push({ path: 'factors', message });
  }
  return problems;
}

function invalid(problems: readonly InputProblem[]) {
  return badInput('invalid_experiment', 'This is not a complete and consistent experiment.', problems);
}
