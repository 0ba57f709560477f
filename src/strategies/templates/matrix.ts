import type { Slots } from '../../experiments/experiment.js';
import { neededSlots } from './check-uses.js';
import type { ShownItem } from './context.js';
import type { Finding } from './finding.js';
import type { Module } from './modules.js';
import type { Rendering, Viewed } from './render-cell.js';
import type { Sample } from './sample-profiles.js';
import type { TemplateDefinition } from './template.js';

/** What an arm gives a sample recipient, before it is rendered. */
export interface CellInput {
  readonly sample: Sample;
  readonly slots: Slots;
  readonly items: readonly ShownItem[];
  /** `strategy`, or the fallback where the strategy has nothing for such a recipient or is taken to fail. */
  readonly delivered: 'strategy' | 'fallback';
  readonly reason: string;
}

export interface Cell extends Rendering {
  readonly sample: Sample;
  readonly delivered: 'strategy' | 'fallback';
  readonly reason: string;
}

export interface MatrixArm {
  readonly arm: string;
  /** `name@version`. */
  readonly template: string;
  readonly modules: readonly Module[];
  readonly cells: readonly Cell[];
  /** About the arm as a whole. */
  readonly findings: readonly Finding[];
}

export interface Matrix {
  /** Green: no error anywhere. */
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly arms: readonly MatrixArm[];
}

export interface RenderedArm {
  readonly arm: string;
  readonly template: string;
  readonly definition: TemplateDefinition;
  readonly viewed: Viewed;
  readonly slotNames: readonly string[];
  readonly cells: readonly (Cell & { readonly items: readonly ShownItem[] })[];
}

/** Looks at the arms beside each other and counts what is wrong. */
export function judgeMatrix(rendered: readonly RenderedArm[]): Matrix {
  const arms = rendered.map((arm): MatrixArm => {
    const findings = [
      ...slotFindings(arm),
      ...neverShown(arm),
      ...linkFindings(arm, rendered[0] ?? arm),
      ...sameAsEarlier(arm, rendered),
    ];
    const cells = arm.cells.map(({ items: _items, ...cell }) => cell);
    return { arm: arm.arm, template: arm.template, modules: arm.viewed.modules, cells, findings };
  });
  const all = arms.flatMap(({ findings, cells }) => [...findings, ...cells.flatMap((cell) => cell.findings)]);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  return { ok: errors === 0, errors, warnings: all.length - errors, arms };
}

function slotFindings({ viewed, definition, slotNames }: RenderedArm): Finding[] {
  const uses = Object.values(viewed.prepared.uses).flat();
  const needed = neededSlots(uses, definition.tokens).filter((name) => !slotNames.includes(name));
  const printed = new Set(uses.filter(({ path }) => path[0] === 'slots').map(({ path }) => path[1]));
  const unseen = slotNames.filter((name) => !printed.has(name));
  return [
    ...needed.map((name): Finding => ({
      severity: 'error',
      code: 'missing_slot',
      part: 'message',
      message: `the template prints slots.${name}, which this arm does not set; set it, or give the token slots.${name} a default`,
    })),
    ...unseen.map((name): Finding => ({
      severity: 'warning',
      code: 'unseen_slot',
      part: 'message',
      message: `the arm sets ${name}, and the template never prints it: no recipient sees it`,
    })),
  ];
}

function neverShown({ viewed, cells }: RenderedArm): Finding[] {
  return viewed.modules.flatMap(({ label, line }, i): Finding[] =>
    cells.some(({ shown }) => shown[i])
      ? []
      : [
          {
            severity: 'warning',
            code: 'never_shown',
            part: 'html',
            line,
            column: 1,
            message: `no sample recipient sees the block "${label}"; add one under profiles`,
          },
        ],
  );
}

/** Recommended items lead elsewhere by their nature; everything else leads to the same places in every arm. */
function linkFindings(arm: RenderedArm, first: RenderedArm): Finding[] {
  if (arm === first || arm.definition.linksMayDiffer === true || first.definition.linksMayDiffer === true)
    return [];
  for (const cell of arm.cells) {
    const other = first.cells.find(
      ({ sample, delivered }) => sample.key === cell.sample.key && delivered === cell.delivered,
    );
    if (!other?.message || !cell.message) continue;
    const here = frameLinks(cell);
    const there = frameLinks(other);
    const odd = [...here].find((link) => !there.has(link)) ?? [...there].find((link) => !here.has(link));
    if (odd === undefined) continue;
    const message = `for "${cell.sample.title}" ${odd.slice(0, 120)} is a link of ${here.has(odd) ? arm.arm : first.arm} only; clicks would not compare: lead to the same addresses, or declare linksMayDiffer`;
    return [{ severity: 'error', code: 'links_differ', part: 'html', message }];
  }
  return [];
}

function frameLinks({
  message,
  items,
}: {
  message?: Cell['message'];
  items: readonly ShownItem[];
}): Set<string> {
  const own = new Set(items.map(({ url }) => url));
  return new Set((message?.links ?? []).filter((link) => !own.has(link)));
}

function sameAsEarlier(arm: RenderedArm, all: readonly RenderedArm[]): Finding[] {
  const print = ({ cells }: RenderedArm): string =>
    JSON.stringify(cells.map(({ message }) => message ?? null));
  const own = print(arm);
  const twin = all.slice(0, all.indexOf(arm)).find((other) => print(other) === own);
  if (!twin) return [];
  const message = `every sample recipient gets the same message as in the arm ${twin.arm}: there may be nothing to compare`;
  return [{ severity: 'warning', code: 'same_message', part: 'message', message }];
}
