import { segmentsOfRecipient } from '../database/questions/segment-members-page.js';
import { knownTraits } from '../database/questions/known-traits.js';
import { selectNewestSegments } from '../database/segment-versions.js';
import { selectNewestPersonas } from '../database/persona-versions.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { type Feature, features, findFeature } from '../profiles/features/feature.js';
import type { Profile } from '../profiles/history.js';
import { personaOf } from '../profiles/personas/persona.js';
import type { Context } from './context.js';
import { judgeMembers, openBench } from './judge-members.js';
import { loadHistories } from './load-histories.js';

export interface ExplainedFeature {
  readonly name: string;
  readonly title: string;
  /** Undefined: not known of this recipient. */
  readonly value: number | string | undefined;
  /** What it is made of. */
  readonly lines: readonly string[];
}

/** What follows from what is known about one recipient, as of now. */
export interface DescribedRecipient {
  /** ISO 8601: nothing at it or later counts. */
  readonly clock: string;
  readonly features: readonly ExplainedFeature[];
  /** The segments that they are in at this moment, by name. */
  readonly segments: readonly { readonly name: string; readonly title: string; readonly since?: string }[];
  readonly personas: readonly { readonly name: string; readonly title: string }[];
  /** More events than can be used: what is said here rests on the newest of them. */
  readonly tooLong: boolean;
}

export async function describeRecipient(ctx: Context, recipientKey: string): Promise<DescribedRecipient> {
  const clock = ctx.clock();
  const all = Object.values(features);
  const personas = await selectNewestPersonas(ctx.db);
  const needed = personas.flatMap(({ model }) =>
    model.request.features.flatMap((one) => findFeature(one.feature) ?? []),
  );
  const needs = joinNeeds([...all, ...needed].map((feature) => feature.needs));
  const { histories, tooLong } = await loadHistories(ctx.db, [recipientKey], needs, clock);
  const traits = (await knownTraits(ctx.db, [recipientKey])).get(recipientKey) ?? {};
  const profile: Profile = { traits, history: histories.get(recipientKey) ?? [] };
  const valueOf = (feature: Feature | undefined) => feature?.value(profile.history, clock.getTime(), traits);
  return {
    clock: clock.toISOString(),
    features: all.map((feature) => ({
      name: feature.name,
      title: feature.title,
      value: valueOf(feature),
      lines: feature.explain(profile.history, clock.getTime(), traits),
    })),
    segments: await segmentsNow(ctx, recipientKey, clock),
    personas: personas.flatMap(({ name, model }) => {
      const id = personaOf(model.tree, (feature) => {
        const value = valueOf(findFeature(feature));
        return typeof value === 'number' ? value : undefined;
      });
      const persona = model.personas.find((one) => one.id === id);
      return persona ? [{ name, title: persona.title }] : [];
    }),
    tooLong: tooLong.has(recipientKey),
  };
}

/** Looked at now, not as they were counted last; since when is what the counting has seen. */
async function segmentsNow(
  ctx: Context,
  recipientKey: string,
  clock: Date,
): Promise<DescribedRecipient['segments']> {
  const segments = await selectNewestSegments(ctx.db);
  if (segments.length === 0) return [];
  const judged = await judgeMembers(ctx.db, await openBench(ctx.db, segments), [recipientKey], clock);
  const counted = await segmentsOfRecipient(ctx.db, recipientKey);
  return segments.flatMap(({ name, title }) => {
    if (!judged.some((one) => one.segment === name && one.member)) return [];
    const since = counted.find((one) => one.segment === name)?.since;
    return [{ name, title, ...(since && { since: since.toISOString() }) }];
  });
}
