import { PostulateError } from '../../errors.js';
import { describeRecipient, type DescribedRecipient } from '../../flows/describe-recipient.js';
import { findProfile, type RecipientProfile } from '../../flows/find-profile.js';
import { recommendingNames } from '../../flows/find-recommending.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { render, type Page, type PageCall } from './page.js';

const LONGEST_VALUE = 1_000;

async function show(call: PageCall): Promise<void> {
  const asked = call.request.query['recipient'];
  const recipient = typeof asked === 'string' ? asked : '';
  const found = recipient === '' ? undefined : await lookUp(call, recipient);
  const problem = found !== undefined && 'problem' in found ? found.problem : undefined;
  if (problem !== undefined) call.response.status(404);
  await render(call, 'profile', {
    title: 'Profiles',
    nav: 'data',
    ...{
      recipient,
      problem,
      recommends: (await recommendingNames(call.web.ctx)).length > 0,
      profile: found !== undefined && 'traits' in found ? profileView(found) : undefined,
      described:
        found !== undefined && 'traits' in found
          ? describedView(await describeRecipient(call.web.ctx, found.recipientKey))
          : undefined,
    },
  });
}

async function lookUp(call: PageCall, recipient: string): Promise<RecipientProfile | { problem: string }> {
  try {
    return await findProfile(call.web.ctx, recipient);
  } catch (error) {
    if (error instanceof PostulateError && error.kind === 'not_found') return { problem: error.message };
    throw error;
  }
}

function profileView({ recipient, recipientKey, traits, enrolments, events }: RecipientProfile) {
  return {
    recipient: shownText(recipient, 256),
    recipientKey,
    traits: traits.map(({ trait, value, source, at }) => ({
      trait: shownText(trait),
      // Texts in quotes, so that "1" and 1, "true" and true, and blanks can be told apart.
      value: value === null ? undefined : shownText(JSON.stringify(value), LONGEST_VALUE),
      source: source === undefined ? undefined : shownText(source),
      at,
      time: at === undefined ? undefined : shownTime(new Date(at)),
    })),
    enrolments: enrolments.map((one) => ({
      ...one,
      time: shownTime(new Date(one.enrolledAt)),
      cohorts: Object.entries(one.cohorts).map(([trait, value]) => ({ trait, value: shownText(value) })),
    })),
    events: events.map((one) => ({
      type: shownText(one.type),
      at: one.at,
      time: shownTime(new Date(one.at)),
      value: one.value === undefined ? '' : `${one.value} ${one.currency ?? ''}`,
      about: [one.item, one.category, one.order === undefined ? undefined : `order ${one.order}`]
        .flatMap((part) => (part === undefined ? [] : [shownText(part)]))
        .join(', '),
      source: shownText(one.source),
    })),
  };
}

function describedView({ clock, features, segments, personas, tooLong }: DescribedRecipient) {
  return {
    clock: { iso: clock, text: shownTime(new Date(clock)) },
    tooLong,
    features: features.map(({ name, title, value, lines }) => ({
      name,
      title,
      value: value === undefined ? undefined : shownText(String(value).replaceAll('_', ' ')),
      lines: lines.map((line) => shownText(line, 200)),
    })),
    segments: segments.map(({ name, title, since }) => ({
      name,
      title: shownText(title, 120),
      since: since === undefined ? undefined : { iso: since, text: shownTime(new Date(since)) },
    })),
    personas: personas.map(({ name, title }) => ({ name, title: shownText(title, 120) })),
  };
}

export const profilePage: Page = { method: 'get', path: '/profiles', scopes: ['analyst'], handle: show };
