import type { EventType } from '../../experiments/experiment.js';
import type { EventKind } from '../email-event.js';
import { bounced } from './bounced.js';
import { clicked } from './clicked.js';
import { complained } from './complained.js';
import { converted } from './converted.js';
import { delivered } from './delivered.js';
import { opened } from './opened.js';
import { sent } from './sent.js';
import { unsubscribed } from './unsubscribed.js';

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
};
