import type { EventType } from '../../experiments/experiment.js';
import type { EventKind } from '../event.js';
import { bounced } from './bounced.js';
import { cancel } from './cancel.js';
import { cart } from './cart.js';
import { click } from './click.js';
import { clicked } from './clicked.js';
import { complained } from './complained.js';
import { converted } from './converted.js';
import { delivered } from './delivered.js';
import { opened } from './opened.js';
import { purchase } from './purchase.js';
import { refund } from './refund.js';
import { sent } from './sent.js';
import { unsubscribed } from './unsubscribed.js';
import { view } from './view.js';
import { voided } from './voided.js';

/** Every kind of event there is. A new kind is a file beside this one and a line here. */
export const eventKinds: Readonly<Record<EventType, EventKind>> = {
  sent,
  delivered,
  opened,
  clicked,
  converted,
  unsubscribed,
  complained,
  bounced,
  view,
  cart,
  click,
  purchase,
  refund,
  cancel,
  void: voided,
};

/** The kind of this name; undefined for types that are kept without being understood. */
export function findKind(type: string): EventKind | undefined {
  return Object.hasOwn(eventKinds, type) ? eventKinds[type as EventType] : undefined;
}
