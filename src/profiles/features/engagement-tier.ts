import type { History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { day, eventsIn } from './window.js';

export const engagementTiers = ['high', 'medium', 'low', 'unknown'] as const;
export type EngagementTier = (typeof engagementTiers)[number];

/** Mails so far back count, at most so many of them, and at least so many must be known. */
export const tierWindowDays = 180;
export const mostMails = 20;
export const fewestMails = 4;
/** A mail that nobody has had time to open counts neither way. */
const settleMs = day;

export interface TierExplained {
  readonly tier: EngagementTier;
  /** The recent mails that count. */
  readonly mails: number;
  readonly opened: number;
}

const types = ['sent', 'delivered', 'opened', 'clicked', 'bounced'];

/**
 * How many of the recent mails a human opened: above 75 % high, 25 % to 75 % medium, below 25 % low. A click by a human shows
 * that the mail was open; what machines opened does not count. Bounced mails are left out.
 */
export function engagementTier(history: History, clock: number): TierExplained {
  const mails = mailsBefore(history, clock)
    .filter(({ at, bounced }) => !bounced && at < clock - settleMs)
    .slice(-mostMails);
  const opened = mails.filter((mail) => mail.opened).length;
  return { tier: tierOf(opened, mails.length), mails: mails.length, opened };
}

/** The tier of a share, in whole numbers so that the bounds are exact. */
export function tierOf(opened: number, mails: number): EngagementTier {
  if (mails < fewestMails) return 'unknown';
  if (4 * opened > 3 * mails) return 'high';
  return 4 * opened < mails ? 'low' : 'medium';
}

interface Mail {
  /** When the first that is known of it happened. */
  readonly at: number;
  opened: boolean;
  bounced: boolean;
}

/** In the order in which they became known to be under way. */
function mailsBefore(history: History, clock: number): readonly Mail[] {
  const mails = new Map<string, Mail>();
  for (const event of eventsIn(history, clock, { types, windowMs: tierWindowDays * day })) {
    if (event.message === undefined) continue;
    const mail = mails.get(event.message) ?? { at: event.at, opened: false, bounced: false };
    mails.set(event.message, mail);
    if (event.type === 'bounced') mail.bounced = true;
    if ((event.type === 'opened' || event.type === 'clicked') && countsAsHuman(event)) mail.opened = true;
  }
  return [...mails.values()];
}

export const engagementTierFeature: Feature = {
  name: 'engagement_tier',
  title: 'tier by the share of recent mails opened',
  meaning:
    'Of the last mails: high above 75 % opened by a human, low below 25 %, unknown where fewer than four mails are known.',
  values: engagementTiers,
  needs: { types, lookbackMs: tierWindowDays * day },
  value: (history, clock) => engagementTier(history, clock).tier,
  changesAt: (history, clock) => {
    const known = eventsIn(history, clock, { types, windowMs: tierWindowDays * day });
    const times = known.flatMap(({ at }) => [at + settleMs + 1, at + tierWindowDays * day + 1]);
    return times.reduce<number | undefined>(
      (soonest, at) => (at > clock && (soonest === undefined || at < soonest) ? at : soonest),
      undefined,
    );
  },
  explain: (history, clock) => {
    const { mails, opened } = engagementTier(history, clock);
    if (mails < fewestMails) return [`${mails} recent mails, at least ${fewestMails} are needed`];
    return [`a human opened ${opened} of the last ${mails} mails`];
  },
};
