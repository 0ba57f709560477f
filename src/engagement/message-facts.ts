import type { EmailEvent, MessageFacts, Station } from './email-event.js';
import { eventKinds } from './kinds/registry.js';

/**
 * What became of a message, from all its events. Each station keeps its earliest time, so order, repetition and
 * batching of the events make no difference.
 */
export function messageFacts(events: readonly EmailEvent[]): MessageFacts {
  const facts: Partial<Record<Station, Date>> = {};
  for (const event of events) {
    for (const station of eventKinds[event.type].stations(event)) {
      const known = facts[station];
      if (known === undefined || event.at < known) facts[station] = event.at;
    }
  }
  return facts;
}
