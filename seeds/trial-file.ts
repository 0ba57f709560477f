import { chance, pick } from './chance.js';

/**
 * A finished trial of the demo shop: three mails by lot, each as likely as the others, and who came to the shop. It stands in
 * docs/examples/trial.csv for the examples of the documentation. A mail brings those who bought of its kind before; who came lately comes
 * anyway, and the country tells nothing.
 */
export function trialCsv(recipients = 3_000): string {
  const lines = Array.from({ length: recipients }, (_, r) => rowOf(`t${1000 + r}`));
  return ['mail,recency,bought,country,visit', ...lines, ''].join('\n');
}

function rowOf(recipient: string): string {
  const drawn = <T>(what: string, shares: readonly (readonly [T, number])[]): T =>
    pick(shares, what, recipient);
  const mail = drawn('mail', [['none', 1 / 3], ['shoes', 1 / 3], ['bags', 1 / 3]]); // prettier-ignore
  const bought = drawn('bought', [['shoes', 0.5], ['bags', 0.3], ['tea', 0.2]]); // prettier-ignore
  const country = drawn('country', [['AT', 0.5], ['DE', 0.3], ['CH', 0.2]]); // prettier-ignore
  const recency = 1 + Math.floor(12 * chance('recency', recipient));
  const visits = 0.28 - 0.015 * recency + (mail === bought ? 0.25 : mail === 'none' ? 0 : 0.02);
  return [mail, recency, bought, country, chance('visit', recipient) < visits ? 1 : 0].join(',');
}
