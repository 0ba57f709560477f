import { badInput } from '../errors.js';
import type { Mailer } from '../mailer.js';
import type { Report } from '../reports/report.js';
import { alertsAbout } from './alerts-about.js';
import type { Context } from './context.js';
import { loadReport } from './load-report.js';

/** What a mail says beside the report. */
export interface ReportMailExtras {
  readonly pageUrl?: string;
  /** Messages of open alerts about models that arms decide by. They are of now, and no part of the snapshot. */
  readonly alerts?: readonly string[];
}

/** How a report goes out. Rendering is the work of the web folder, so it is handed in. */
export interface Post {
  readonly mailer: Mailer;
  readonly render: (
    report: Report,
    more: ReportMailExtras,
  ) => Promise<{ readonly subject: string; readonly text: string; readonly html: string }>;
}

const MAX_RECIPIENTS = 50;
// Stricter than the standard: nothing that could end a header or start another address.
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/**
 * Sends the report as it stands now to people who need no account. The mail shows the same snapshot as the page, and
 * above it what is open about models that the arms decide by.
 *
 * @throws bad_input `address_invalid`; not_found `experiment_not_found`; unavailable `mail_not_sent`.
 */
export async function sendReport(
  ctx: Context,
  post: Post,
  key: string,
  to: readonly string[],
  pageUrl: string,
): Promise<{ snapshotId: string; accepted: readonly string[] }> {
  const addresses = checkAddresses(to);
  const report = await loadReport(ctx, key);
  const snapshotId = report.snapshot ?? '';
  const address = `${pageUrl}?snapshot=${encodeURIComponent(snapshotId)}`;
  const alerts = (await alertsAbout(ctx, key)).map(({ message }) => message);
  const { subject, text, html } = await post.render(report, { pageUrl: address, alerts });
  const { messageId } = await post.mailer.send({
    to: addresses,
    subject: withoutControls(subject),
    text,
    html,
    reference: snapshotId,
  });
  ctx.log.info(
    { experiment: key, snapshotId, messageId, recipients: addresses.length },
    'A report was sent.',
  );
  return { snapshotId, accepted: addresses };
}

function checkAddresses(to: readonly string[]): string[] {
  const problems = to.flatMap((address, i) =>
    ADDRESS.test(address) && !address.includes('..')
      ? []
      : [{ path: `to[${i}]`, message: `${JSON.stringify(address.slice(0, 100))} is not an e-mail address` }],
  );
  if (problems.length > 0) {
    const sentence = problems.map((problem) => problem.message).join('; ');
    throw badInput('address_invalid', `The report was not sent: ${sentence}.`, problems);
  }
  const addresses = [...new Set(to)];
  if (addresses.length === 0)
    throw badInput('address_missing', 'Say whom the report is for: give at least one address.');
  if (addresses.length > MAX_RECIPIENTS) {
    throw badInput('too_many_addresses', `A report goes to at most ${MAX_RECIPIENTS} addresses at once.`);
  }
  return addresses;
}

/** A title may hold a line break; a header must not. */
function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
