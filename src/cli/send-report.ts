import { sendReport as sendByMail } from '../flows/send-report.js';
import { noMailer, smtpMailer } from '../mailer.js';
import { renderReportEmail } from '../web/render-report.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate send-report KEY --to ADDRESS [--to ADDRESS …]: sends the report of an experiment by e-mail.

The mail has a text and an HTML part and shows the same snapshot as the page. SMTP_URL says through which server
(smtp://user:password@host:587), MAIL_FROM from whom, PUBLIC_URL where its links lead.
`;

export const sendReport = defineCommand({
  name: 'send-report',
  summary: 'send the report of an experiment by e-mail',
  help,
  options: {
    to: { type: 'string', multiple: true },
  },
  async run({ values, positionals }, io) {
    const [key, ...more] = positionals;
    if (key === undefined || more.length > 0) throw new UsageError('Say which experiment, by its key.');
    if (!values.to) throw new UsageError('Say to whom: --to ADDRESS.');
    const to = values.to;
    const sent = await withService(io, async (ctx, config) => {
      const mailer = config.smtpUrl === undefined ? noMailer : smtpMailer(config.smtpUrl, config.mailFrom);
      const pageUrl = `${config.publicUrl}/experiments/${encodeURIComponent(key)}`;
      return sendByMail(ctx, { mailer, render: renderReportEmail }, key, to, pageUrl);
    });
    io.stdout.write(`Sent snapshot ${sent.snapshotId} to ${sent.accepted.join(', ')}.\n`);
    return 0;
  },
});
