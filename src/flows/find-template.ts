import {
  selectTemplateVersion,
  selectTemplateVersions,
  type TemplateVersion,
} from '../database/template-versions.js';
import { notFound } from '../errors.js';
import type { Finding } from '../strategies/templates/finding.js';
import type { Context } from './context.js';
import { examine } from './register-template.js';

export interface FoundTemplate {
  readonly version: TemplateVersion;
  /** Warnings, as they stand today. */
  readonly findings: readonly Finding[];
}

/**
 * @param reference `name@number`, `sha256:…`, or a name for its newest version.
 * @throws not_found `template_not_found`.
 */
export async function findTemplate(ctx: Pick<Context, 'db'>, reference: string): Promise<FoundTemplate> {
  // NUL cannot be stored in a text column, so nothing has such a name; PostgreSQL would answer with an error.
  const known = reference.includes('\0') ? undefined : await look(ctx, reference);
  if (!known) throw notFound('template_not_found', `There is no template "${reference.slice(0, 140)}".`);
  const { compiled, definition } = known;
  // MJML has been compiled: what it became is examined, which takes no second compiler.
  const { mjml: _mjml, ...rest } = definition;
  const { findings } = await examine({ ...rest, html: compiled.html });
  return { version: known, findings };
}

async function look(ctx: Pick<Context, 'db'>, reference: string): Promise<TemplateVersion | undefined> {
  if (/@|^sha256:/.test(reference)) return selectTemplateVersion(ctx.db, reference);
  return (await selectTemplateVersions(ctx.db, reference))[0];
}

/** By name, the newest version first. */
export async function listTemplates(ctx: Pick<Context, 'db'>, name?: string): Promise<TemplateVersion[]> {
  return selectTemplateVersions(ctx.db, name);
}
