import type { EmailEvent, EventKind } from '../email-event.js';

/**
 * The recipient did what the campaign is for. A negative value is a refund: it lowers the money, and is no
 * conversion of its own.
 */
export const converted: EventKind = {
  type: 'converted',
  carries: ['value', 'url'],
  stations: (event) => (isRefund(event) ? [] : ['convertedAt']),
};

export function isRefund(event: EmailEvent): boolean {
  return event.value !== undefined && event.value < 0n;
}
