import type { Knex } from 'knex';
import { selectTemplateVersion } from '../database/template-versions.js';
import type { InputProblem } from '../errors.js';
import type { ExperimentDraft } from '../experiments/draft.js';

export interface TemplatePins {
  /** Content hash of the template of a level; undefined: the level names none. */
  readonly templateHash: (factor: number, level: number) => string | undefined;
  readonly problems: readonly InputProblem[];
}

/**
 * The templates that a draft names, as hashes. One for the whole experiment is pinned to every level of the first factor, so
 * that an arm has its template in its levels either way.
 */
export async function pinTemplates(trx: Knex, draft: ExperimentDraft): Promise<TemplatePins> {
  const named = new Map<string, string>();
  for (const [f, factor] of draft.factors.entries()) {
    for (const [l, level] of factor.levels.entries()) {
      const reference = level.template ?? (f === 0 ? draft.template : undefined);
      if (reference !== undefined) named.set(`${f} ${l}`, reference);
    }
  }
  const hashes = new Map<string, string | undefined>();
  for (const reference of new Set(named.values())) {
    hashes.set(reference, (await selectTemplateVersion(trx, reference))?.hash);
  }
  const problems = [...named].flatMap(([place, reference]): InputProblem[] => {
    if (hashes.get(reference) !== undefined) return [];
    const [f, l] = place.split(' ');
    const path = draft.template === undefined ? `factors[${f}].levels[${l}].template` : 'template';
    return [
      {
        path,
        message: `no template version is called "${reference}"; register it first, and name it as name@number`,
      },
    ];
  });
  const unique = [...new Map(problems.map((problem) => [problem.path, problem])).values()];
  return {
    templateHash: (f, l) => hashes.get(named.get(`${f} ${l}`) ?? ''),
    problems: unique,
  };
}
