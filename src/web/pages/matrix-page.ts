import { notFound } from '../../errors.js';
import { checkMatrix } from '../../flows/check-matrix.js';
import { countRenderFallbacks } from '../../flows/count-render-fallbacks.js';
import { findExperiment } from '../../flows/find-experiment.js';
import type { Matrix, MatrixArm } from '../../strategies/templates/matrix.js';
import { experimentKey } from '../api/parameters.js';
import { cellView, type CellView, counted, findingViews, messageView, moduleViews } from '../message-view.js';
import { sendMessage } from './message-frame.js';
import { render, type Page, type PageCall } from './page.js';

async function load(call: PageCall) {
  const experiment = await findExperiment(call.web.ctx, experimentKey(call.request));
  return { experiment, matrix: await checkMatrix(call.web.ctx, experiment) };
}

async function show(call: PageCall): Promise<void> {
  const { experiment, matrix } = await load(call);
  const counts = await countRenderFallbacks(call.web.ctx, experiment.key);
  await render(call, 'matrix', {
    title: `Messages: ${experiment.title}`,
    nav: 'experiments',
    ...{
      experiment,
      verdict: matrix && verdictOf(matrix, experiment.status === 'draft'),
      ok: matrix?.ok ?? true,
      arms: (matrix?.arms ?? []).map(armView),
      profiles: profilesOf(matrix),
      said: saidOf(matrix),
      blocks: blocksOf(matrix),
      counts: counts.map((one) => ({ ...one, arm: matrix?.arms[one.arm]?.arm ?? String(one.arm) })),
    },
  });
}

function verdictOf({ ok, errors, warnings, arms }: Matrix, isDraft: boolean): string {
  const messages = arms.reduce((sum, { cells }) => sum + cells.length, 0);
  const more = warnings > 0 ? ` ${counted(warnings, 'warning')} to look at.` : '';
  if (ok) return `All ${messages} messages can go out.${more}`;
  return `${counted(errors, 'error')} in ${messages} messages.${isDraft ? ' The experiment cannot start before they are mended.' : ''}${more}`;
}

function armView({ arm, template, cells }: MatrixArm, index: number) {
  const views = cells.map(cellView);
  return {
    index,
    arm,
    template,
    cells: new Map(views.map((view) => [view.key, view])),
  };
}

/** What is said of an arm, each thing once, with those sample recipients of whom it is true. */
function saidOf(matrix: Matrix | undefined) {
  return (matrix?.arms ?? []).flatMap(({ arm, findings, cells }, index) => {
    const said = findingViews(findings).map((finding) => ({ ...finding, index, profiles: noProfiles() }));
    for (const { key, title, findings: found } of cells.map(cellView)) {
      for (const finding of found) {
        const same = said.find(
          ({ place, message }) => place === finding.place && message === finding.message,
        );
        if (same) same.profiles.push({ key, title });
        else said.push({ ...finding, index, profiles: [{ key, title }] });
      }
    }
    return said.length > 0 ? [{ arm, said }] : [];
  });
}

const noProfiles = (): { key: string; title: string }[] => [];

/** Arms that show the same blocks to the same sample recipients stand together. */
function blocksOf(matrix: Matrix | undefined) {
  const groups = new Map<
    string,
    { arms: string[]; modules: ReturnType<typeof moduleViews>; cells: CellView[] }
  >();
  for (const { arm, modules, cells } of matrix?.arms ?? []) {
    if (modules.length === 0) continue;
    const views = cells.map(cellView);
    const rows = moduleViews(modules, views);
    const key = JSON.stringify([rows, views.map((view) => view.key)]);
    const group = groups.get(key) ?? { arms: [], modules: rows, cells: views };
    group.arms.push(arm);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Arms without a strategy have no fallback to look at. */
function profilesOf(matrix: Matrix | undefined) {
  const cells = matrix?.arms.flatMap((arm) => arm.cells) ?? [];
  return [
    ...new Map(cells.map(({ sample }) => [sample.key, { key: sample.key, title: sample.title }])).values(),
  ];
}

async function findCell(call: PageCall) {
  const { experiment, matrix } = await load(call);
  const arm = matrix?.arms[Number(call.request.params['arm'])];
  const cell = arm?.cells.find(({ sample }) => sample.key === call.request.params['profile']);
  if (!arm || !cell) throw notFound('message_not_found', 'There is no such message in this experiment.');
  return { experiment, arm, cell };
}

async function showCell(call: PageCall): Promise<void> {
  const { experiment, arm, cell } = await findCell(call);
  const view = cellView(cell);
  await render(call, 'matrix-cell', {
    title: `${arm.arm}, ${view.title}`,
    nav: 'experiments',
    ...{
      experiment,
      arm: arm.arm,
      template: arm.template,
      cell: { ...view, ...messageView(cell.message) },
      delivered: cell.delivered,
      reason: cell.reason,
      modules: moduleViews(arm.modules, [view]),
      frame: `${call.request.path.replace(/\/$/, '')}/message`,
    },
  });
}

async function showMessage(call: PageCall): Promise<void> {
  const { cell } = await findCell(call);
  if (!cell.message) throw notFound('message_not_found', 'Nothing could be rendered here.');
  sendMessage(call.response, cell.message.html);
}

const path = '/experiments/{key}/messages';

export const matrixPages: readonly Page[] = [
  { method: 'get', path, scopes: ['analyst'], handle: show },
  { method: 'get', path: `${path}/{arm}/{profile}`, scopes: ['analyst'], handle: showCell },
  { method: 'get', path: `${path}/{arm}/{profile}/message`, scopes: ['analyst'], handle: showMessage },
];
