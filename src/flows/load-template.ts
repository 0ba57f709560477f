import type { Knex } from 'knex';
import { selectTemplateVersion, type TemplateVersion } from '../database/template-versions.js';
import { prepareTemplate, type PreparedTemplate } from '../strategies/templates/prepare-template.js';
import { KeptByHash } from './kept-by-hash.js';

export interface LoadedTemplate {
  readonly version: TemplateVersion;
  readonly prepared: PreparedTemplate;
}

const kept = new KeptByHash<LoadedTemplate>(100);

/** The template of that hash, parsed once. @throws Error where it is missing: versions are never removed. */
export async function loadTemplate(db: Knex, hash: string): Promise<LoadedTemplate> {
  return kept.get(hash, async () => {
    const version = await selectTemplateVersion(db, hash);
    if (!version) throw new Error(`template ${hash} is missing`);
    const { engine, tokens } = version.definition;
    return { version, prepared: prepareTemplate({ engine, tokens, compiled: version.compiled }) };
  });
}
