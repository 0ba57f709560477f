import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';

describe('pseudonyms', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

  it('are the HMAC-SHA256 of the id under the workspace key, and nothing without it', () => {
    const expected = createHmac('sha256', key).update('ann@example.org').digest('base64url');
    expect(keyedPseudonyms(key).recipientKey('ann@example.org')).toBe(expected);
    expect(keyedPseudonyms(other).recipientKey('ann@example.org')).not.toBe(expected);
  });

  it('name a message by experiment, recipient and key together', () => {
    const pseudonyms = keyedPseudonyms(key);
    const messageId = (experiment: string, recipient: string) => pseudonyms.messageId(experiment, recipient);
    const ids = [
      messageId('a', 'r'),
      messageId('b', 'r'),
      messageId('a', 's'),
      keyedPseudonyms(other).messageId('a', 'r'),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(messageId('a', 'r')).toBe(ids[0]);
    expect(ids[0]).toMatch(/^m_[A-Za-z0-9_-]{27}$/);
  });

  it('recognise a workspace key without telling it', () => {
    expect(keyedPseudonyms(key).fingerprint()).not.toBe(keyedPseudonyms(other).fingerprint());
    expect(keyedPseudonyms(key).fingerprint()).not.toContain(key.toString('hex').slice(0, 8));
  });
});
