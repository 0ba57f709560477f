import { describe, expect, it } from 'vitest';
import { eventTypes } from '../../src/experiments/experiment.js';
import { eventKinds, findKind } from '../../src/engagement/kinds/registry.js';
import { parseEvent } from '../../src/engagement/parse-event.js';

/** What each kind may be of, carry and prove, as the documents say it. */
const declared = {
  sent: ['message', [], []],
  delivered: ['message', [], ['sent']],
  opened: ['message', ['class'], ['sent', 'delivered']],
  clicked: ['message', ['class', 'url', 'item', 'category'], ['sent', 'delivered', 'opened']],
  converted: ['either', ['value', 'order', 'item', 'category', 'url'], []],
  unsubscribed: ['either', [], []],
  complained: ['either', [], []],
  bounced: ['message', [], ['sent']],
  view: ['either', ['item', 'category', 'url', 'value'], []],
  cart: ['either', ['item', 'category', 'url', 'value'], []],
  click: ['either', ['item', 'category', 'url'], []],
  purchase: ['either', ['value', 'order', 'item', 'category', 'url'], ['converted']],
  refund: ['either', ['value', 'order'], []],
  cancel: ['either', ['order'], []],
  void: ['either', ['target'], []],
} as const;

const fields = {
  class: 'human',
  value: '19.99',
  order: 'o1',
  item: 'sku',
  category: 'shoes',
  url: 'https://shop.example/',
  target: 'e0',
} as const;

const needed: Record<string, object> = {
  void: { target: 'e0' },
  cancel: { order: 'o1' },
  refund: { order: 'o1' },
};

describe('kinds of events', () => {
  it('are all declared, each under its own name', () => {
    expect(Object.keys(declared)).toEqual([...eventTypes]);
    for (const type of eventTypes) expect(eventKinds[type].type).toBe(type);
    for (const name of ['constructor', '__proto__', 'toString', 'Sent', 'exploded', '']) {
      expect(findKind(name)).toBeUndefined();
    }
  });

  it.each(eventTypes)('declares %s', (type) => {
    const [of, carries, proves] = declared[type];
    expect(eventKinds[type]).toEqual({ type, of, carries, proves });
    const bare = { id: 'e1', type, at: '2026-03-01T10:00:00Z', ...needed[type] };
    expect(parseEvent({ ...bare, messageId: 'm' }).ok).toBe(true);
    expect(parseEvent({ ...bare, experiment: 'spring', recipient: 'ann' }).ok).toBe(true);
    const alone = parseEvent({ ...bare, recipient: 'ann' });
    if (of === 'either') expect(alone.ok).toBe(true);
    else expect(alone).toMatchObject({ ok: false, path: 'messageId' });
    for (const [field, value] of Object.entries(fields)) {
      const with_ = {
        ...bare,
        messageId: 'm',
        [field]: value,
        ...(field === 'value' && { currency: 'EUR' }),
      };
      const allowed = (carries as readonly string[]).includes(field);
      expect(parseEvent(with_), field).toMatchObject(allowed ? { ok: true } : { ok: false, path: field });
    }
  });

  it('lets an unknown type carry anything, as nobody knows what it means', () => {
    const unknown = { id: 'e1', type: 'wishlist.add', recipient: 'ann', at: '2026-03-01T10:00:00Z' };
    expect(parseEvent({ ...unknown, ...fields, currency: 'EUR' }).ok).toBe(true);
  });
});

describe('the time of an event', () => {
  const at = (text: string) => {
    const parsed = parseEvent({ id: 'e', type: 'sent', messageId: 'm', at: text });
    return parsed.ok ? new Date(parsed.event.at).toISOString() : parsed.path;
  };

  it('needs a zone, and is the same moment in every zone', () => {
    expect(at('2026-03-29T02:30:00+02:00'), 'in Berlin, in the hour that the clocks left out').toBe(
      '2026-03-29T00:30:00.000Z',
    );
    expect(at('2026-03-29T00:30:00Z')).toBe('2026-03-29T00:30:00.000Z');
    expect(at('2026-10-25T02:30:00+02:00'), 'the first half past two of that night').toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(at('2026-10-25T02:30:00+01:00'), 'and the second').toBe('2026-10-25T01:30:00.000Z');
    expect(at('2026-03-01T00:00:00-11:00')).toBe('2026-03-01T11:00:00.000Z');
    for (const text of [
      '2026-03-01T10:00:00',
      '2026-03-01',
      '1772355600',
      '2026-03-01T25:00:00Z',
      '2026-02-30T10:00:00Z',
      '',
    ]) {
      expect(at(text), text).toBe('at');
    }
  });

  it('lies in the years 2000 to 2099', () => {
    expect(at('1999-12-31T23:59:59.999Z')).toBe('at');
    expect(at('2000-01-01T00:00:00Z')).toBe('2000-01-01T00:00:00.000Z');
    expect(at('2000-01-01T00:30:00+01:00')).toBe('at');
    expect(at('2099-12-31T23:59:59.999Z')).toBe('2099-12-31T23:59:59.999Z');
    expect(at('2100-01-01T00:00:00Z')).toBe('at');
    expect(at('1970-01-01T00:00:00Z')).toBe('at');
    expect(at('2999-01-01T00:00:00Z')).toBe('at');
  });
});
