import { PostulateError, type InputProblem } from '../../errors.js';
import { activationChanges, type ActivationChange, changeActivation } from '../../flows/change-activation.js';
import { compareStrategies, spellDifference } from '../../flows/compare-strategies.js';
import {
  diffStrategies,
  findStrategy,
  type FoundStrategy,
  type KnownVersion,
  outlineStrategy,
} from '../../flows/find-strategy.js';
import { findStanding } from '../../flows/find-learning.js';
import { learns } from '../../flows/learn-strategy.js';
import { lintStrategy } from '../../flows/lint-strategy.js';
import { testStored } from '../../flows/test-strategy.js';
import type { Custody } from '../../strategies/custody.js';
import type { Outline } from '../../strategies/keeping/outline.js';
import { strategyName } from '../api/strategy-activation.js';
import { fieldOf, readForm } from '../form.js';
import { learningView } from '../learning-view.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { drawStrategy } from '../strategy-drawing.js';
import { earnedSection } from './earned-section.js';
import { learningForms } from './learning-forms.js';
import { goTo, render, type Page, type PageCall } from './page.js';

/** Stored recipients that a page looks at: more is for the command line. */
const lintedRecipients = 300;
const comparedRecipients = 2_500;
/** After that the recipients seen so far have to do: somebody waits for the page. */
const longestDryRunMs = 3_000;
const longestText = 400;

interface Refused {
  /** As it was written, so that it need not be written again. */
  readonly note: string;
  readonly message: string;
  readonly problems: readonly InputProblem[];
}

async function show(call: PageCall, refused?: Refused): Promise<void> {
  const { ctx } = call.web;
  const found = await findStrategy(ctx, strategyName(call.request));
  const version = versionAsked(found, call.request.query['version']) ?? usualVersion(found);
  const from = versionAsked(found, call.request.query['from']);
  const lint = await lintStrategy(ctx.db, version, ctx.clock(), lintedRecipients);
  const outline = shownOutline(outlineStrategy(version));
  const { owner, purpose, review } = version.definition as Custody;
  await render(call, 'strategy', {
    title: found.name,
    nav: 'strategies',
    ...{ found: withTimes(found), version, owner, purpose, review, refused, lint },
    ...{ outline, drawing: drawStrategy(outline), tests: await testStored(ctx.db, version) },
    learning: learns(version) ? learningView(await findStanding(ctx, version)) : undefined,
    difference: from && (await difference(call, from, version)),
    earned: await earnedSection(call, version),
    json: JSON.stringify(version.definition, null, 2),
  } as { title: string });
}

/** What `?version=` or `?from=` names; anything else is left aside. */
function versionAsked({ versions }: FoundStrategy, asked: unknown): KnownVersion | undefined {
  return versions.find(({ version }) => String(version) === asked);
}

function usualVersion({ versions, active }: FoundStrategy): KnownVersion {
  const usual = versions.find(({ version }) => version === active) ?? versions.at(-1);
  if (!usual) throw new Error('a strategy has at least one version');
  return usual;
}

async function difference({ web: { ctx } }: PageCall, from: KnownVersion, to: KnownVersion) {
  const { added, removed, changed } = diffStrategies(from, to);
  const fieldsOf = (fields: ReadonlyMap<string, string>) =>
    [...fields].map(([field, text]) => ({ field, text: shownLines(text) }));
  const end = performance.now() + longestDryRunMs;
  const dryRun = await compareStrategies(ctx.db, from, to, {
    ...{ clock: ctx.clock(), most: comparedRecipients },
    isEnough: () => performance.now() > end,
  });
  return {
    from: from.version,
    to: to.version,
    added: added.map(({ name, fields }) => ({ name, fields: fieldsOf(fields) })),
    removed: removed.map(({ name, fields }) => ({ name, fields: fieldsOf(fields) })),
    changed: changed.map(({ name, fields }) => ({
      name,
      fields: fields.map(({ field, before, after }) => ({
        field,
        ...(before !== undefined && { before: shownLines(before) }),
        ...(after !== undefined && { after: shownLines(after) }),
      })),
    })),
    dryRun,
    sentence: spellDifference(dryRun),
    isAll: performance.now() <= end && dryRun.recipients < comparedRecipients,
  };
}

/** Conditions are drawn in lines, which stay. */
function shownLines(text: string): string {
  return text
    .split('\n')
    .map((line) => shownText(line, longestText))
    .join('\n');
}

/** Texts as pages can show them, the long ones cut. */
export function shownOutline(outline: Outline): Outline {
  return {
    ...outline,
    text: shownText(outline.text, longestText),
    ...(outline.edge !== undefined && { edge: shownText(outline.edge) }),
    children: outline.children.map(shownOutline),
  };
}

function withTimes(found: FoundStrategy) {
  return {
    ...found,
    versions: [...found.versions]
      .reverse()
      .map((one) => ({ ...one, time: shownTime(new Date(one.createdAt)) })),
    record: [...found.record].reverse().map((one) => ({ ...one, time: shownTime(new Date(one.doneAt)) })),
  };
}

function change(action: ActivationChange): Page {
  return {
    method: 'post',
    path: `/strategies/{name}/${action}`,
    scopes: ['admin'],
    async handle(call) {
      const form = await readForm(call.request, call.session);
      const name = strategyName(call.request);
      const [version, note] = [fieldOf(form, 'version'), fieldOf(form, 'note')];
      const body = {
        ...(version !== '' && { version: Number(version) }),
        ...(note !== '' && { note }),
      };
      try {
        await changeActivation(call.web.ctx, action, name, body, call.session.principal.name);
      } catch (error) {
        const isMendable =
          error instanceof PostulateError && (error.kind === 'bad_input' || error.kind === 'conflict');
        if (!isMendable) throw error;
        return showRefused(call, error, note);
      }
      goTo(call.response, `/strategies/${encodeURIComponent(name)}#record`);
    },
  };
}

async function showRefused(call: PageCall, error: PostulateError, note = ''): Promise<void> {
  call.response.status(error.kind === 'conflict' ? 409 : 422);
  await show(call, { note, message: error.message, problems: error.problems });
}

export const strategyPage: readonly Page[] = [
  { method: 'get', path: '/strategies/{name}', scopes: ['analyst'], handle: (call) => show(call) },
  ...activationChanges.map(change),
  ...learningForms(showRefused),
];
