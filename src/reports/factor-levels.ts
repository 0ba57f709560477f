import { mainEffectContests, type Contest } from './contest.js';
import type { GuardrailLook } from './guardrail.js';
import { levelText, listText } from './format.js';
import type { ReportFactor } from './report-input.js';
import type { FactorialEffect, FactorialMetric } from './report-factorial.js';
import type { MetricReport } from './report-metric.js';
import { plainLevelText } from './to-report.js';
import type { JudgedContest } from './verdict.js';

/** One metric of a factorial design, as the verdict looks at it: level by level. */
export interface FactorialView {
  readonly effects: FactorialMetric;
  readonly metric: MetricReport;
  readonly factors: readonly ReportFactor[];
  readonly level: number;
}

/** Main effects as what is judged. */
export function levelContests({ effects, factors, level }: FactorialView): JudgedContest[] {
  return mainEffectContests(effects, factors, levelText(level)).map((contest, i) => ({
    ...contest,
    warnings: effects.main[i]?.warnings ?? [],
  }));
}

/** Where a guardrail is looked at: main effects, and simple ones where they lead. */
export function levelLooks(view: FactorialView): GuardrailLook[] {
  const { effects } = view;
  const main = looksAt(view, effects.main);
  if (effects.lead === 'main') return main;
  return [...main, ...looksAt(view, effects.simple)];
}

function looksAt(view: FactorialView, effects: readonly FactorialEffect[]): GuardrailLook[] {
  const sized = effects.map((effect) => ({ ...effect, n: sizesOf(view, effect) }));
  const contests = mainEffectContests({ ...view.effects, main: sized }, view.factors, levelText(view.level));
  return contests.flatMap((contest, i) => {
    const effect = effects[i];
    if (!effect) return [];
    const values = valuesOf(view, effect);
    const { margin } = effect;
    return [
      { contest, where: whereOf(view, effect), ...(margin ? { margin } : {}), ...(values ? { values } : {}) },
    ];
  });
}

/** `, averaged over the other factor`. */
export function overText(factors: readonly ReportFactor[]): string {
  return `, averaged over the other factor${factors.length > 2 ? 's' : ''}`;
}

function whereOf({ factors }: FactorialView, { at }: FactorialEffect): string {
  if (!at) return overText(factors);
  const held = factors.flatMap((factor) => {
    const key = at[factor.key];
    return key === undefined ? [] : [`${factor.title} = ${titleIn(factor, key)}`];
  });
  return `, where ${listText(held)}`;
}

function titleIn(factor: ReportFactor | undefined, key: string): string {
  return factor?.levels.find((level) => level.key === key)?.title ?? key;
}

function cellsOf({ effects, factors }: FactorialView, effect: FactorialEffect, side: 'levels' | 'baselines') {
  const held = { ...effect.at, [effect.factors[0] ?? '']: effect[side][0] ?? '' };
  return effects.cells.filter((cell) =>
    factors.every((factor, f) => held[factor.key] === undefined || held[factor.key] === cell.levels[f]),
  );
}

function sizesOf(view: FactorialView, effect: FactorialEffect): { baseline: number; level: number } {
  const size = (side: 'levels' | 'baselines'): number =>
    cellsOf(view, effect, side).reduce((sum, cell) => sum + cell.n, 0);
  return { baseline: size('baselines'), level: size('levels') };
}

/** What both sides reached, every combination weighing the same; undefined when one of them is not known. */
function valuesOf(view: FactorialView, effect: FactorialEffect): GuardrailLook['values'] | undefined {
  const [own, against] = [meanOf(view, effect, 'levels'), meanOf(view, effect, 'baselines')];
  if (own === undefined || against === undefined) return undefined;
  const text = (value: number): string => plainLevelText(value, view.metric);
  return { own, against, text: `${text(own)} against ${text(against)}` };
}

function meanOf(
  view: FactorialView,
  effect: FactorialEffect,
  side: 'levels' | 'baselines',
): number | undefined {
  const cells = cellsOf(view, effect, side);
  const known = cells.flatMap((cell) => knownValue(view.metric, cell.arm)?.value ?? []);
  if (known.length === 0 || known.length < cells.length) return undefined;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** What an arm reached, whether or not it has an interval. */
export function knownValue(metric: MetricReport, arm: string): { value: number; text: string } | undefined {
  const result = metric.arms.find((one) => one.arm === arm);
  if (!result) return undefined;
  return 'refused' in result.value ? result.mean : result.value;
}

/** What better levels reach together, where they are of different factors; and what is not known of the others. */
export function combinedText(view: FactorialView, titles: ReadonlyMap<string, string>) {
  return (better: readonly Contest[]): string => {
    const chosen = view.factors.map((factor) =>
      factor.levels.filter((level) => better.some((one) => one.key === `${factor.key}=${level.key}`)),
    );
    const unclear = view.factors.filter((_, f) => (chosen[f]?.length ?? 0) > 1).map((factor) => factor.title);
    const best = `Which level of ${listText(unclear)} is best is not shown.`;
    if (chosen.filter((levels) => levels.length > 0).length < 2) return best;
    const can = 'Levels of different factors can be combined';
    if (unclear.length > 0) return `${can}; which level of ${listText(unclear)} is best is not shown.`;
    return `${can}${reachedText(
      view,
      titles,
      chosen.map((levels) => levels[0]?.key),
    )}.`;
  };
}

/** `: b · d reached 17.0%, a · c 10.0%`; the factors without a better level at their baseline. */
function reachedText(
  { effects, metric }: FactorialView,
  titles: ReadonlyMap<string, string>,
  levels: readonly (string | undefined)[],
): string {
  const base = effects.cells[0];
  const together = effects.cells.find((cell) =>
    cell.levels.every((level, f) => level === (levels[f] ?? base?.levels[f])),
  );
  const [own, against] = [together, base].map((cell) => cell && knownValue(metric, cell.arm));
  if (!own || !against || !together || !base) return '';
  const name = (arm: string): string => titles.get(arm) ?? arm;
  return `: ${name(together.arm)} reached ${own.text}, ${name(base.arm)} ${against.text}`;
}
