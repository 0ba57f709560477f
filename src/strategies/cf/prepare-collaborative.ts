import type { History, Profile } from '../../profiles/history.js';
import { idsOf } from '../candidates.js';
import type { Candidates, Choice, Decider, Json, NoChoice, Parts } from '../strategy.js';
import { resolveSlots } from '../strategy.js';
import { type Cascade, cascadeFromJSON, type Ranking } from './cascade.js';
import { type CollaborativeDefinition, rulesOf } from './definition.js';
import { excludedItems } from './excluded-items.js';
import { worthByItem } from './interactions.js';
import type { Because } from './recommender.js';
import { shortBecause, spellChoiceReason, spellItemReason } from './spell-reasons.js';

/** Ready to decide with what was learned. @throws Error where the state cannot be used or a content is missing. */
export function prepareCollaborative(definition: CollaborativeDefinition, parts: Parts): Decider {
  const cascade = cascadeFromJSON(parts.learned);
  const slots = resolveSlots(definition.slots, parts.contents);
  const rank = ranker(definition, cascade);
  return {
    decide(profile, candidates, clock): Choice | NoChoice {
      const ranking = rank(profile, candidates, clock);
      if (ranking.ranked.length === 0) return { noChoice: 'nothing that may be shown is left to recommend' };
      const items = ranking.ranked.map((one) => ({
        item: one.item,
        score: one.score,
        reason: spellItemReason(definition, ranking, one),
      }));
      const reason = spellChoiceReason(ranking, definition.sparse?.below);
      return { slots, items, reason, probability: 1 };
    },
    gist(profile, candidates, clock) {
      const { by, known, ranked, because } = rank(profile, candidates, clock);
      const first = ranked[0];
      const why = first && first.by !== 'popular' ? shortBecause(because(first.item, 3), 300) : [];
      return { by, known, candidates: candidates().length, ...(why.length > 0 && { because: why }) };
    },
    trace: (profile, candidates, clock) =>
      traceOf(definition, rank(profile, candidates, clock), { profile, candidates, clock }),
  };
}

interface Situation {
  readonly profile: Profile;
  readonly candidates: Candidates;
  readonly clock: Date;
}

function traceOf(
  definition: CollaborativeDefinition,
  { by, known, ranked, because, via }: Ranking,
  { profile: { history }, candidates, clock }: Situation,
): Json {
  const at = clock.getTime();
  const worths = [...worthByItem(history, rulesOf(definition), at)].sort(
    ([a, x], [b, y]) => y - x || (a < b ? -1 : 1),
  );
  return {
    ...{ by, known, candidates: candidates().length },
    excluded: [...excludedItems(definition, history, at)].sort().slice(0, 50),
    taste: worths.slice(0, 20).map(([item, weight]) => ({ item, weight: Number(weight.toPrecision(6)) })),
    ranked: ranked.map((one) => ({
      ...{ item: one.item, score: one.score, by: one.by },
      because: one.by === 'popular' ? [] : shares(because(one.item, 5)),
      ...(one.by === 'user_knn' && { via: shares(via(one.item, 5)) }),
    })),
  };
}

function shares(because: readonly Because[]): Json {
  return because.map(({ kind, id, share }) => ({ kind, id, share: Number(share.toPrecision(4)) }));
}

type Rank = (profile: Profile, candidates: Candidates, clock: Date) => Ranking;

interface Last {
  readonly history: History;
  readonly candidates: Candidates;
  readonly clock: number;
  readonly ranking: Ranking;
}

/** The gist is asked for right after the choice, about the same person: the last answer is kept. */
function ranker(definition: CollaborativeDefinition, cascade: Cascade): Rank {
  const rules = rulesOf(definition);
  let last: Last | undefined;
  return ({ history }, candidates, clock) => {
    const at = clock.getTime();
    if (last?.history === history && last.candidates === candidates && last.clock === at) return last.ranking;
    const excluded = excludedItems(definition, history, at);
    const ids = idsOf(candidates());
    const allowed = (item: string): boolean => ids.has(item) && !excluded.has(item);
    const ranking = cascade.rank(worthByItem(history, rules, at), allowed, definition.items);
    last = { history, candidates, clock: at, ranking };
    return ranking;
  };
}
