import { createHmac } from 'node:crypto';

/** Turns recipient ids into the keyed pseudonyms under which experiments know them. */
export interface Pseudonyms {
  recipientKey(recipientId: string): string;
  /**
   * Opaque, the same for the same enrolment, and not to be guessed without the workspace key.
   * @param wave which of several messages to the recipient; the first unless said.
   */
  messageId(experimentKey: string, recipientKey: string, wave?: string): string;
  /** Of the decision for an enrolment, likewise. */
  decisionId(experimentKey: string, recipientKey: string): string;
  /** Recognises a workspace key without telling it: stored at first start, compared at every later one. */
  fingerprint(): string;
}

/** @param workspaceKey 32 random bytes that are kept outside the database. */
export function keyedPseudonyms(workspaceKey: Buffer): Pseudonyms {
  const hmac = (domain: string, text: string): string =>
    createHmac('sha256', workspaceKey).update(`${domain}\0${text}`).digest('base64url');
  return {
    recipientKey: (recipientId) => createHmac('sha256', workspaceKey).update(recipientId).digest('base64url'),
    messageId: (experimentKey, recipientKey, wave = '') => {
      const named = `${experimentKey}\0${recipientKey}`;
      return `m_${hmac('message', wave === '' ? named : `${named}\0${wave}`).slice(0, 27)}`;
    },
    decisionId: (experimentKey, recipientKey) =>
      `d_${hmac('decision', `${experimentKey}\0${recipientKey}`).slice(0, 27)}`,
    fingerprint: () => hmac('fingerprint', '').slice(0, 16),
  };
}
