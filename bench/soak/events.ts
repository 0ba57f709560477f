import { experimentKey, inSecondWave, recipientRow, waves } from './campaign.js';
import { between, chance, type Chance, oneOf } from './chance.js';

export interface SoakEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly [field: string]: unknown;
}

export interface World {
  readonly seed: number;
  readonly recipients: number;
  /** When recipients are enrolled, roughly. */
  readonly start: Date;
  /** Message ids of the first wave by recipient, where they are known; named by experiment and recipient otherwise. */
  readonly messageIds?: readonly string[];
}

const day = 86_400_000;
const hour = 3_600_000;
const ofMessages = [
  'sent',
  'delivered',
  'opened',
  'opened',
  'clicked',
  'converted',
  'unsubscribed',
  'bounced',
];
const ofRecipients = ['view', 'view', 'cart', 'click', 'purchase'];
const corrections = ['refund', 'cancel', 'void', 'survey_answered'];
const classes = ['human', 'human', 'privacy_proxy', 'scanner', 'unknown'];
const categories = ['shoes', 'hats', 'coats'];

/**
 * The i-th event of a world, of which the first are sends to everybody: a pure function, so that five million of them need no memory and can be made again in any
 * order. No event lies within three hours of a whole number of days after the start, so that windows hold the same ones
 * although recipients are enrolled some minutes sooner or later.
 */
export function eventOf(world: World, i: number): SoakEvent {
  if (i < world.recipients) return firstSend(world, i);
  const next = chance(Math.imul(world.seed + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b));
  next();
  const recipient = between(next, 0, world.recipients - 1);
  const kind = next();
  const about = kind < 0.7 ? messageEvent : kind < 0.93 ? recipientEvent : correction;
  return { id: eventId(i), ...about(world, next, recipient, i) };
}

/** To everybody: the start of all windows, or times would be counted from enrolments, which are never at the same moment. */
function firstSend(world: World, i: number): SoakEvent {
  const at = new Date(world.start.getTime() + 3 * hour).toISOString();
  return { id: eventId(i), type: 'sent', at, ...ofMessage(world, i, waves[0], true) };
}

export function eventId(i: number): string {
  return `e-${i.toString(36)}`;
}

type Body = Omit<SoakEvent, 'id'> & { type: string; at: string };

function messageEvent(world: World, next: Chance, recipient: number, i: number): Body {
  const type = oneOf(next, ofMessages);
  const wave = inSecondWave(recipient) && next() < 0.4 ? waves[1] : waves[0];
  return {
    type,
    at: time(world, next, 0, 12),
    ...ofMessage(world, recipient, wave, next() < 0.5),
    ...((type === 'opened' || type === 'clicked') && { class: oneOf(next, classes) }),
    ...(type === 'converted' && order(next, recipient, i)),
  };
}

function recipientEvent(world: World, next: Chance, recipient: number, i: number): Body {
  const type = oneOf(next, ofRecipients);
  return {
    type,
    at: time(world, next, -9, 12),
    recipient: recipientRow(recipient).id,
    category: oneOf(next, categories),
    ...(type === 'purchase' && order(next, recipient, i)),
  };
}

function correction(world: World, next: Chance, recipient: number, i: number): Body {
  const type = oneOf(next, corrections);
  return {
    type,
    at: time(world, next, 0, 12),
    ...ofMessage(world, recipient, waves[0], next() < 0.5),
    ...((type === 'refund' || type === 'cancel') && { order: orderId(next, recipient) }),
    ...(type === 'void' && { target: eventId(between(next, world.recipients, i)) }),
  };
}

function ofMessage(world: World, recipient: number, wave: string, byId: boolean): object {
  const messageId = wave === '' && byId ? world.messageIds?.[recipient] : undefined;
  if (messageId !== undefined) return { messageId };
  return { experiment: experimentKey, recipient: recipientRow(recipient).id, ...(wave !== '' && { wave }) };
}

function order(next: Chance, recipient: number, i: number): object {
  const named = next() < 0.8 ? { order: orderId(next, recipient) } : {};
  return { value: `${between(next, 1, 400)}.${String(i % 100).padStart(2, '0')}`, currency: 'EUR', ...named };
}

/** Few, so that orders meet: reported twice, refunded, cancelled. */
function orderId(next: Chance, recipient: number): string {
  return `o-${recipient}-${between(next, 0, 3)}`;
}

function time({ start }: World, next: Chance, firstDay: number, lastDay: number): string {
  const at =
    start.getTime() + between(next, firstDay, lastDay) * day + 3 * hour + Math.floor(next() * 18 * hour);
  return new Date(at).toISOString();
}

export function eventsOf(world: World, from: number, to: number): SoakEvent[] {
  return Array.from({ length: to - from }, (_, i) => eventOf(world, from + i));
}
