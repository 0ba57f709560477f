import { createHash } from 'node:crypto';
import {
  insertPersonaVersion,
  type PersonaVersion,
  selectNewestPersonas,
  selectPersonas,
} from '../database/persona-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict, notFound } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { type Feature, findFeature } from '../profiles/features/feature.js';
import { type Featured, fitPersonas as fit } from '../profiles/personas/fit-personas.js';
import { type PersonaModel, personaRequestSchema } from '../profiles/personas/persona.js';
import { segmentNameSchema } from '../profiles/segments/segment.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Context } from './context.js';
import { readPeople } from './read-people.js';

export type { PersonaVersion } from '../database/persona-versions.js';

/**
 * Clusters recipients into personas as of now and stores them as the next version of their name.
 *
 * @throws bad_input `invalid_personas`; conflict `personas_refused` where the people there are do not allow it.
 */
export async function fitPersonas(ctx: Context, name: string, body: unknown = {}): Promise<PersonaVersion> {
  checkName(name);
  const parsed = readWith(personaRequestSchema, body);
  if (!parsed.ok) throw badInput('invalid_personas', 'Say what people are told apart by.', parsed.problems);
  const request = parsed.value;
  const clock = ctx.clock();
  const features = request.features.flatMap(({ feature }) => findFeature(feature) ?? []);
  const people = await featured(ctx, features, clock);
  const model = fit(request, people, seedOf(request.seed));
  if ('refused' in model) throw conflict('personas_refused', `No personas can be made: ${model.reason}.`);
  return store(ctx, name, clock.toISOString(), model);
}

/**
 * Rewrites what a persona is called or said to be, as the next version.
 *
 * @throws not_found `personas_not_found`, `persona_not_found`; bad_input `invalid_personas`.
 */
export async function describePersona(
  ctx: Context,
  name: string,
  id: string,
  texts: { readonly title?: string; readonly description?: string },
): Promise<PersonaVersion> {
  for (const [path, text, most] of [
    ['title', texts.title, 120],
    ['description', texts.description, 2_000],
  ] as const) {
    if (text === undefined) continue;
    if (text.trim() === '' || text.length > most || text.includes('\0') || !text.isWellFormed()) {
      const message = `must be a text of 1 to ${most} characters`;
      throw badInput('invalid_personas', 'This text cannot be kept.', [{ path, message }]);
    }
  }
  const { clock, model } = await findPersonas(ctx, name);
  if (!model.personas.some((one) => one.id === id)) {
    throw notFound(
      'persona_not_found',
      `There is no persona "${id.slice(0, 20)}" in ${name}; there are p1 to p${model.personas.length}.`,
    );
  }
  const personas = model.personas.map((one) => (one.id === id ? { ...one, ...texts } : one));
  return store(ctx, name, clock, { ...model, personas });
}

/** @throws not_found `personas_not_found`. */
export async function findPersonas(ctx: Context, name: string): Promise<PersonaVersion> {
  const found = segmentNameSchema.safeParse(name).success ? await selectPersonas(ctx.db, name) : undefined;
  if (!found) throw notFound('personas_not_found', `There are no personas called "${name.slice(0, 128)}".`);
  return found;
}

export async function listPersonas(ctx: Context): Promise<PersonaVersion[]> {
  return selectNewestPersonas(ctx.db);
}

async function store(
  ctx: Context,
  name: string,
  clock: string,
  model: PersonaModel,
): Promise<PersonaVersion> {
  const hash = contentHash({ name, clock, model });
  return inTransaction(ctx.db, (trx) => insertPersonaVersion(trx, { name, hash, clock, model }, ctx.clock()));
}

async function featured(ctx: Context, features: readonly Feature[], clock: Date): Promise<Featured[]> {
  const people: Featured[] = [];
  const needs = joinNeeds(features.map((feature) => feature.needs));
  for await (const batch of readPeople(ctx.db, needs, clock)) {
    for (const { recipientKey, history, traits } of batch) {
      const values = features.map((feature) => {
        const value = feature.value(history, clock.getTime(), traits);
        return typeof value === 'number' ? value : undefined;
      });
      people.push({ recipientKey, values });
    }
  }
  return people;
}

function checkName(name: string): void {
  const parsed = readWith(segmentNameSchema, name);
  if (!parsed.ok)
    throw badInput(
      'invalid_personas',
      'Give the personas a name.',
      parsed.problems.map((one) => ({ ...one, path: 'name' })),
    );
}

function seedOf(text: string): number {
  return createHash('sha256').update(text, 'utf8').digest().readUInt32BE() % 1_000_000_000;
}
