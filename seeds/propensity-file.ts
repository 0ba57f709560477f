import { chance, pick } from './chance.js';

const firstDay = Date.UTC(2026, 0, 5);
const day = 86_400_000;

/**
 * Recipients of twenty weekly mails of the demo shop and whether they ordered: one row per recipient and mail, in the order of time. It
 * stands in docs/examples/propensity.csv for the examples of the documentation. Recency and category matter, the country does not.
 */
export function propensityCsv(recipients = 60, mails = 20): string {
  const lines = Array.from({ length: mails }, (_, mail) =>
    Array.from({ length: recipients }, (_, r) => rowOf(`r${100 + r}`, mail)),
  ).flat();
  return ['recipient,sent,recency_days,orders,favourite,country,ordered', ...lines, ''].join('\n');
}

function rowOf(recipient: string, mail: number): string {
  const sent = new Date(firstDay + 7 * mail * day).toISOString().slice(0, 10);
  const known = chance('known', recipient) < 0.85;
  const recency = 1 + Math.floor(180 * chance('recency', recipient, mail) ** 2);
  const orders = Math.floor(8 * chance('orders', recipient) ** 3);
  const favourite = pick(
    [
      ['shoes', 0.4],
      ['bags', 0.35],
      ['scarves', 0.25],
    ],
    'favourite',
    recipient,
  );
  const country = pick(
    [
      ['AT', 0.5],
      ['DE', 0.3],
      ['CH', 0.2],
    ],
    'country',
    recipient,
  );
  const logOdds = -1 - 0.02 * (known ? recency : 60) + 0.25 * orders + (favourite === 'shoes' ? 0.8 : 0);
  const ordered = chance('ordered', recipient, mail) < 1 / (1 + Math.exp(-logOdds));
  return [recipient, sent, known ? recency : '', orders, favourite, country, ordered ? 'yes' : 'no'].join(
    ',',
  );
}
