import type { Knex } from 'knex';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import type { Slots, SlotValue } from '../experiments/experiment.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { joinNeeds } from '../profiles/join-needs.js';
import type { CatalogueSnapshot } from '../strategies/catalogue.js';
import { contentHash } from '../strategies/content-hash.js';
import { decideFor } from '../strategies/decide.js';
import { type Filter, prepareFilter } from '../strategies/eligibility.js';
import type { Manifest } from '../strategies/manifest.js';
import {
  type Candidates,
  contentsOf,
  type Decider,
  resolveSlots,
  type ScorerAsk,
} from '../strategies/strategy.js';

import { KeptByHash } from './kept-by-hash.js';
import { loadContents } from './load-contents.js';
import { kindOf, loadParts } from './load-parts.js';
import { mustFindSnapshot } from './take-snapshot.js';
import { decisionBudgetMs, withinBudget } from './within-budget.js';

/** An arm that is ready to decide: everything that its manifest names has been looked up. */
export interface LoadedArm {
  readonly manifest: Manifest;
  /** Content hash of the manifest. */
  readonly hash: string;
  /** What the arm sets whoever the recipient is. */
  readonly own: Slots;
  /** What its strategy and the filter of the experiment look at in a history. */
  readonly needs: HistoryNeeds;
  /** Undefined: it has no strategy. */
  readonly strategy?: LoadedStrategy;
}

export interface LoadedStrategy {
  readonly version: StrategyVersion;
  readonly decider: Decider;
  readonly slotNames: readonly string[];
  readonly mayWithhold: boolean;
  /** Scores that are fetched before it decides. */
  readonly asks: readonly ScorerAsk[];
  /** Undefined: nothing is declared that covers every slot, and the strategy has no choice for a stranger. */
  readonly fallback?: Slots;
  readonly fallbackFrom?: FallbackFrom;
  candidates(profile: Profile, clock: Date): Candidates;
}

export type FallbackFrom = 'level' | 'experiment' | 'level and experiment' | 'stranger';

const noItems: CatalogueSnapshot = { hash: '', items: [] };
const snapshots = new KeptByHash<CatalogueSnapshot>(4);

/** Looks up, once, whatever the arms of these manifests need. @throws Error where a part is missing. */
export async function loadArms(db: Knex, manifests: readonly Manifest[]): Promise<LoadedArm[]> {
  const hashes = manifests.flatMap(({ strategy }) => strategy ?? []);
  const versions = new Map(
    (await selectStrategyVersions(db, hashes)).map((version) => [version.hash, version]),
  );
  const filters = new Map<string, Filter>();
  const arms: LoadedArm[] = [];
  for (const manifest of manifests) {
    arms.push(await loadArm(db, manifest, versions, filters));
  }
  return arms;
}

async function loadArm(
  db: Knex,
  manifest: Manifest,
  versions: ReadonlyMap<string, StrategyVersion>,
  filters: Map<string, Filter>,
): Promise<LoadedArm> {
  const { slots, fallback, defaults } = manifest;
  const contents = await loadContents(db, [slots, fallback, defaults].flatMap(contentsOf));
  const arm = { manifest, hash: contentHash(manifest), own: resolveSlots(slots, contents) };
  if (manifest.strategy === null) return { ...arm, needs: { types: [] } };
  const version = versions.get(manifest.strategy);
  if (!version) {
    throw new Error(`strategy version ${manifest.strategy} of experiment ${manifest.experiment} is missing`);
  }
  const kind = kindOf(version);
  const { definition } = version;
  const parts = await loadParts(db, version, manifest.learned);
  const chooses = kind.references(definition).catalogue;
  const filter = chooses ? await filterOf(db, manifest, filters) : undefined;
  const slotNames = kind.slotNames(definition);
  const decider = kind.prepare(definition, parts);
  return {
    ...arm,
    needs: joinNeeds([kind.needs(definition, parts.segments), ...(filter ? [filter.needs] : [])]),
    strategy: {
      version,
      decider,
      slotNames,
      mayWithhold: kind.mayWithhold?.(definition) ?? false,
      asks: kind.asks?.(definition) ?? [],
      ...fallbackOf(manifest, slotNames, contents, decider),
      candidates: (profile, clock) => filter?.candidates(profile, clock) ?? (() => noItems.items),
    },
  };
}

/** The filter is the same for all arms: one for each snapshot and eligibility. */
async function filterOf(
  db: Knex,
  { catalogue, eligibility }: Manifest,
  filters: Map<string, Filter>,
): Promise<Filter> {
  const key = JSON.stringify([catalogue, eligibility]);
  const known = filters.get(key);
  if (known) return known;
  const snapshot =
    catalogue === null ? noItems : await snapshots.get(catalogue, () => mustFindSnapshot(db, catalogue));
  const filter = prepareFilter(eligibility, snapshot);
  filters.set(key, filter);
  return filter;
}

/** Slot by slot the fallback of the level, then that of the experiment, then what the strategy has for a stranger. */
function fallbackOf(
  { fallback, defaults }: Manifest,
  slotNames: readonly string[],
  contents: ReadonlyMap<string, string>,
  decider: Decider,
): Pick<LoadedStrategy, 'fallback' | 'fallbackFrom'> {
  const missing = slotNames.filter((name) => !Object.hasOwn(fallback, name));
  const filled = missing.filter((name) => Object.hasOwn(defaults, name));
  if (filled.length === missing.length) {
    const others = filled.map((name): [string, SlotValue] => [name, defaults[name] ?? '']);
    const slots = resolveSlots({ ...Object.fromEntries(others), ...fallback }, contents);
    return { fallback: slots, fallbackFrom: whence(missing.length, slotNames.length) };
  }
  const slots = forStranger(decider, slotNames);
  return slots === undefined ? {} : { fallback: slots, fallbackFrom: 'stranger' };
}

function whence(missing: number, all: number): FallbackFrom {
  if (missing === 0) return 'level';
  return missing === all ? 'experiment' : 'level and experiment';
}

/** What the strategy chooses for somebody of whom nothing is known, where it has a whole choice for them. */
function forStranger(decider: Decider, slotNames: readonly string[]): Slots | undefined {
  const nobody: Profile = { traits: {}, history: [] };
  let slots: Slots | undefined;
  const ask = (): void => {
    const decision = decideFor({ decide: decider.decide, slotNames }, nobody, () => [], new Date(0));
    if ('slots' in decision) slots = decision.slots;
  };
  withinBudget(1, decisionBudgetMs, ask, () => undefined);
  return slots;
}
