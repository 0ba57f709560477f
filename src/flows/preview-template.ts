import type { Module } from '../strategies/templates/modules.js';
import { prepareView, renderCell, type Rendering } from '../strategies/templates/render-cell.js';
import { type Sample, sampleProfiles } from '../strategies/templates/sample-profiles.js';
import type { Context } from './context.js';
import { findTemplate, type FoundTemplate } from './find-template.js';
import { withinBudget } from './within-budget.js';

export interface TemplatePreview extends FoundTemplate {
  readonly modules: readonly Module[];
  readonly cells: readonly (Rendering & { readonly sample: Sample })[];
}

const cellBudgetMs = 500;

/**
 * A template for every sample recipient, by itself: slots that it prints stand as samples of their own.
 *
 * @throws not_found `template_not_found`.
 */
export async function previewTemplate(ctx: Pick<Context, 'db'>, reference: string): Promise<TemplatePreview> {
  const found = await findTemplate(ctx, reference);
  const { definition, compiled } = found.version;
  const { engine, tokens, profiles } = definition;
  const viewed = prepareView({ engine, tokens, compiled });
  const uses = Object.values(viewed.prepared.uses).flat();
  const names = uses.flatMap(({ path: [root, name] }) =>
    root === 'slots' && name !== undefined ? [name] : [],
  );
  const slots = Object.fromEntries(
    names.map((name) => [name, sampleSlot(name, tokens[`slots.${name}`]?.sample)]),
  );
  const cells = sampleProfiles(tokens, profiles).map((sample) => {
    let rendering: Rendering = { bytes: 0, shown: [], findings: [] };
    withinBudget(
      1,
      cellBudgetMs,
      () => (rendering = renderCell(viewed, sample, { slots, items: sample.items })),
      () => undefined,
    );
    return { ...rendering, sample };
  });
  return { ...found, modules: viewed.modules, cells };
}

function sampleSlot(name: string, sample: unknown): string {
  if (typeof sample === 'string' || typeof sample === 'number') return String(sample);
  if (/url|link|page/.test(name)) return 'https://example.com/sample';
  return `Sample ${name.replaceAll('_', ' ')}`;
}
