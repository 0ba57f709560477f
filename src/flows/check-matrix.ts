import { armsOf } from '../experiments/arms.js';
import type { Arm, Experiment, Slots } from '../experiments/experiment.js';
import type { InputProblem } from '../errors.js';
import type { Profile } from '../profiles/history.js';
import type { ScoredItem } from '../strategies/strategy.js';
import type { ShownItem } from '../strategies/templates/context.js';
import type { Finding } from '../strategies/templates/finding.js';
import { judgeMatrix, type Matrix, type RenderedArm } from '../strategies/templates/matrix.js';
import { prepareView, renderCell, type Rendering, type Viewed } from '../strategies/templates/render-cell.js';
import { type Sample, sampleProfiles } from '../strategies/templates/sample-profiles.js';
import type { SampleProfile, Token } from '../strategies/templates/template.js';
import { decideAll, inputsOf } from './arm-contents.js';
import type { Context } from './context.js';
import { loadArmsOf } from './decide-drawn.js';
import type { LoadedArm } from './load-arms.js';
import { loadShownItems, type ShowItems } from './load-ingredients.js';
import { type LoadedTemplate, loadTemplate } from './load-template.js';
import { withinBudget } from './within-budget.js';

type RenderedCell = RenderedArm['cells'][number];

interface CellInput {
  readonly sample: Sample;
  readonly delivered: 'strategy' | 'fallback';
  readonly reason: string;
  /** Undefined: there is nothing to deliver. */
  readonly slots: Slots | undefined;
  readonly items: readonly ShownItem[];
}

/** What rendering one sample twice may take. */
const cellBudgetMs = 500;

/**
 * Renders every arm for every sample recipient through the arm's own strategy, and each fallback besides, and looks at what
 * comes out. Nothing is stored.
 *
 * @returns undefined where the experiment has no templates: there is nothing to look at.
 */
export async function checkMatrix(ctx: Context, experiment: Experiment): Promise<Matrix | undefined> {
  const arms = armsOf(experiment.factors);
  const templates: LoadedTemplate[] = [];
  for (const { levels } of arms) {
    const hash = levels.find(({ template }) => template !== undefined)?.template;
    if (hash === undefined) return undefined;
    templates.push(await loadTemplate(ctx.db, hash));
  }
  const samples = samplesOf(templates);
  const loaded = await loadArmsOf(ctx.db, experiment);
  const showItems = await loadShownItems(ctx.db, experiment);
  const rendered = arms.flatMap((arm): RenderedArm[] => {
    const [template, own] = [templates[arm.index], loaded[arm.index]];
    return template && own ? [renderArm(arm, template, own, samples, showItems, ctx.clock())] : [];
  });
  return judgeMatrix(rendered);
}

/** Everything in a matrix that forbids a start, with where to look. */
export function matrixProblems({ arms }: Matrix): InputProblem[] {
  const said = new Map<string, InputProblem>();
  const say = (arm: string, { severity, code, part, line, message }: Finding, sample?: string): void => {
    if (severity !== 'error' || said.has(`${arm} ${code} ${part} ${line}`)) return;
    const whom = sample === undefined ? '' : `, sample recipient ${sample}`;
    said.set(`${arm} ${code} ${part} ${line}`, {
      path: 'template',
      message: `arm ${arm}${whom}: ${message}`,
    });
  };
  for (const { arm, findings, cells } of arms) {
    for (const finding of findings) say(arm, finding);
    for (const { sample, findings: found } of cells)
      for (const finding of found) say(arm, finding, sample.key);
  }
  return [...said.values()].slice(0, 50);
}

/** The same recipients for every arm, knowing everything that any of the templates speaks of. */
function samplesOf(templates: readonly LoadedTemplate[]): Sample[] {
  const tokens: Record<string, Token> = {};
  const profiles: Record<string, SampleProfile> = {};
  for (const { version } of [...templates].reverse()) {
    Object.assign(tokens, version.definition.tokens);
    Object.assign(profiles, version.definition.profiles ?? {});
  }
  return sampleProfiles(tokens, profiles);
}

function renderArm(
  arm: Arm,
  { version, prepared }: LoadedTemplate,
  loaded: LoadedArm,
  samples: readonly Sample[],
  showItems: ShowItems,
  now: Date,
): RenderedArm {
  const { name, definition, compiled } = version;
  const viewed = prepareView({ engine: definition.engine, tokens: definition.tokens, compiled });
  const usesItems = Object.values(prepared.uses).some((uses) => uses.some(({ path }) => path[0] === 'items'));
  const asks = samples.map(({ traits }, i) => ({
    arm: loaded,
    inputs: inputsOf(loaded, { traits, history: [], ...triedScores(loaded, i) }, now),
    at: now,
  }));
  const decided = decideAll(asks).flatMap((decision, i): CellInput[] => {
    const sample = samples[i] as Sample;
    // Who is sent nothing has no message to look at.
    if ('withheld' in decision && decision.withheld) return [];
    if ('undecided' in decision) {
      return [{ sample, delivered: 'fallback', reason: decision.undecided, slots: undefined, items: [] }];
    }
    const own = decision.items === null ? [] : showItems(itemsOf(decision.items));
    const items = own.length === 0 && usesItems && decision.delivered === 'strategy' ? sample.items : own;
    const { delivered, slots, reason, fallbackReason } = decision;
    return [{ sample, delivered, slots, items, reason: fallbackReason ?? reason }];
  });
  const cells = [...decided, ...fallbackInputs(loaded, samples)].map((input) => cellOf(viewed, input));
  const slotNames = [...new Set([...Object.keys(loaded.own), ...(loaded.strategy?.slotNames ?? [])])];
  return { arm: arm.key, template: `${name}@${version.version}`, definition, viewed, slotNames, cells };
}

/** Scorers are not asked, so that the same matrix comes out again: the scores that lead to each content take turns. */
function triedScores({ strategy }: LoadedArm, sample: number): Pick<Profile, 'scores'> {
  const asks = strategy?.asks ?? [];
  if (asks.length === 0) return {};
  return {
    scores: Object.fromEntries(asks.map(({ scorer, tries }) => [scorer, tries[sample % tries.length] ?? 0])),
  };
}

/** What goes out when the strategy fails, for those of whom most, and those of whom nothing is known. */
function fallbackInputs({ own, strategy }: LoadedArm, samples: readonly Sample[]): CellInput[] {
  if (!strategy?.fallback) return [];
  const slots = { ...own, ...strategy.fallback };
  return samples
    .filter(({ key }) => key === 'rich' || key === 'empty')
    .map((sample) => ({
      sample: { ...sample, key: `${sample.key}-fallback`, title: `${sample.title}, and the strategy fails` },
      delivered: 'fallback',
      reason: 'the strategy is taken to fail',
      slots,
      items: [],
    }));
}

function cellOf(viewed: Viewed, { sample, slots, items, delivered, reason }: CellInput): RenderedCell {
  let rendering: Rendering | undefined;
  if (slots) {
    withinBudget(
      1,
      cellBudgetMs,
      () => (rendering = renderCell(viewed, sample, { slots, items })),
      () => undefined,
    );
  }
  rendering ??= {
    bytes: 0,
    shown: viewed.modules.map(() => false),
    findings: [
      slots ? tooSlow : { ...noContent, message: `there is nothing to deliver: ${reason}; give a fallback` },
    ],
  };
  return { ...rendering, sample, items, delivered, reason };
}

const tooSlow: Finding = {
  severity: 'error',
  code: 'too_slow',
  part: 'message',
  message: 'takes too long to render; the fallback would go out',
};
const noContent = { severity: 'error', code: 'no_content', part: 'message' } as const;

function itemsOf(json: string): ScoredItem[] {
  return (JSON.parse(json) as [string, number, string][]).map(([item, score, reason]) => ({
    item,
    score,
    reason,
  }));
}
