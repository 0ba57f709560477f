import type { Knex } from 'knex';
import { selectAllExperiments } from '../database/experiments.js';
import { selectTemplateVersions, type TemplateVersion } from '../database/template-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { ArmsOfTemplate, AskingTemplate } from '../strategies/askers.js';
import { traitsOfTemplate } from '../strategies/templates/traits-of-template.js';
import { loadTemplate } from './load-template.js';
import { isLive } from './strategy-users.js';

/** Every template version that is the newest of its name or renders for an arm of a live experiment, with the traits that it reads. */
export async function askingTemplates(db: Knex): Promise<AskingTemplate[]> {
  const versions = await selectTemplateVersions(db);
  const live = (await selectAllExperiments(db)).filter(isLive);
  // The newest version of a name comes first.
  const seen = new Set<string>();
  const asking: AskingTemplate[] = [];
  for (const version of versions) {
    const newest = !seen.has(version.name);
    seen.add(version.name);
    const usedBy = live.flatMap((experiment) => armsWith(experiment, version));
    if (!newest && usedBy.length === 0) continue;
    asking.push({
      ...{ name: version.name, version: version.version, newest, usedBy },
      traits: await traitsOf(db, version),
    });
  }
  return asking;
}

function armsWith({ key, factors }: StoredExperiment, { hash }: TemplateVersion): ArmsOfTemplate[] {
  const arms = armsOf(factors).filter(({ levels }) => levels.some(({ template }) => template === hash));
  return arms.length === 0 ? [] : [{ experiment: key, arms: arms.map((arm) => arm.key) }];
}

async function traitsOf(db: Knex, { hash, definition }: TemplateVersion): Promise<AskingTemplate['traits']> {
  const { prepared } = await loadTemplate(db, hash);
  return traitsOfTemplate(prepared).map((name) => {
    const description = definition.tokens[`user.${name}`]?.description;
    return { name, ...(description !== undefined && { description }) };
  });
}
