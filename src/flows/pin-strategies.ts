import type { Knex } from 'knex';
import { selectActivations } from '../database/strategy-activations.js';
import {
  selectStrategyVersion,
  selectVersionsOf,
  type StrategyVersion,
} from '../database/strategy-versions.js';
import type { InputProblem } from '../errors.js';
import type { ExperimentDraft } from '../experiments/draft.js';
import { standingOf } from '../strategies/keeping/standing.js';
import { readStrategy } from './read-strategy.js';
import { keepStrategy } from './register-strategy.js';

/** The version behind every level that has one, by `factor level`, and what is wrong with the others. */
export interface PinnedStrategies {
  readonly pins: ReadonlyMap<string, StrategyVersion>;
  readonly problems: readonly InputProblem[];
}

type Found =
  | { readonly version: StrategyVersion }
  /** Paths begin at the strategy. */
  | { readonly problems: readonly InputProblem[] };

/** Pins what the levels of a draft name to versions; definitions that are written in it become versions of their own. */
export async function pinStrategies(trx: Knex, draft: ExperimentDraft, now: Date): Promise<PinnedStrategies> {
  const pins = new Map<string, StrategyVersion>();
  const problems: InputProblem[] = [];
  for (const [f, factor] of draft.factors.entries()) {
    for (const [l, { key, strategy }] of factor.levels.entries()) {
      if (strategy === undefined) continue;
      const found =
        typeof strategy === 'string'
          ? await findNamed(trx, strategy)
          : await keepWritten(trx, `${draft.key}.${key}`, strategy, now);
      if ('version' in found) pins.set(`${f} ${l}`, found.version);
      else {
        const path = `factors[${f}].levels[${l}].strategy`;
        problems.push(...found.problems.map((p) => ({ ...p, path: p.path ? `${path}.${p.path}` : path })));
      }
    }
  }
  return { pins, problems };
}

async function keepWritten(trx: Knex, name: string, definition: { kind: string }, now: Date): Promise<Found> {
  const strategy = await readStrategy(trx, definition, now);
  if (!strategy.ok) return { problems: strategy.problems };
  return { version: await keepStrategy(trx, name, strategy.value, now) };
}

/** @param reference `name@number`, `sha256:…`, or a name for its active version. */
async function findNamed(trx: Knex, reference: string): Promise<Found> {
  const isBare = !/@|^sha256:/.test(reference);
  const named = isBare ? undefined : await selectStrategyVersion(trx, reference);
  const name = named?.name ?? reference.replace(/@\d*$/, '');
  const versions = await selectVersionsOf(trx, name);
  const standing = standingOf(await selectActivations(trx, name));
  const active = versions.find(({ hash }) => hash === standing.active);
  const version = isBare ? active : named;
  if (!version)
    return refused(isBare ? whyNoneActive(name, versions, standing.activated) : whyNone(reference, versions));
  // A version that another one took over from may be named: comparing the two is what experiments are for.
  if (active === undefined && standing.activated.has(version.hash)) return refused(whyRetired(name, version));
  return { version };
}

const refused = (message: string): Found => ({ problems: [{ path: '', message }] });

const howToActivate = (name: string): string => `POST /v1/strategies/${name}/activate`;

function whyNone(reference: string, versions: readonly StrategyVersion[]): string {
  return versions.length === 0
    ? `no strategy version is called "${reference}"; register it first, by POST /v1/strategies`
    : `no strategy version is called "${reference}"; there are versions 1 to ${versions.length} of that name`;
}

function whyNoneActive(
  name: string,
  versions: readonly StrategyVersion[],
  activated: ReadonlySet<string>,
): string {
  const newest = versions.at(-1);
  if (!newest) return `no strategy is called "${name}"; register it first, by POST /v1/strategies`;
  const numbered = `${name}@${newest.version}`;
  return activated.size > 0
    ? `"${name}" is retired; make a version active again by ${howToActivate(name)}, or name another strategy`
    : `no version of "${name}" is active; make one active by ${howToActivate(name)}, or name a version, such as "${numbered}"`;
}

function whyRetired(name: string, { version }: StrategyVersion): string {
  return `"${name}@${version}" is retired; make it active again by ${howToActivate(name)}, or name another strategy`;
}
