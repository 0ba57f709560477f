import { createTransport } from 'nodemailer';
import { unavailable } from './errors.js';

export interface Mail {
  /** Addresses only, without names. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Shown to the reader's program, so that mails about the same thing stay together. */
  readonly reference?: string;
}

/** Sends one mail. Resolves when the mail server has taken it. */
export interface Mailer {
  send(mail: Mail): Promise<{ messageId: string }>;
}

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

export function smtpMailer(smtpUrl: string, from: string): Mailer {
  const transport = createTransport(
    { url: smtpUrl, connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    // A mail is what we say it is; nothing in it may name a file or an address to be read.
    { from, disableFileAccess: true, disableUrlAccess: true },
  );
  return {
    async send(mail) {
      try {
        const { messageId } = await transport.sendMail({
          to: [...mail.to],
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          // Asks automatic answerers to keep quiet.
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(mail.reference && { 'X-Postulate-Snapshot': mail.reference }),
          },
        });
        return { messageId };
      } catch (error) {
        throw unavailable('mail_not_sent', `The mail was not sent: ${whyNot(error)}`);
      }
    },
  };
}

/** Stands where no mail server is configured. */
export const noMailer: Mailer = {
  send: () =>
    Promise.reject(unavailable('mail_not_configured', 'No mail server is configured: set SMTP_URL.')),
};

/** The driver's messages may repeat the password of the address, so only what is known to be harmless is told. */
function whyNot(error: unknown): string {
  const { code, responseCode, response } = error as {
    code?: string;
    responseCode?: number;
    response?: string;
  };
  if (code === 'EAUTH') return 'the mail server does not accept the user name and password in SMTP_URL.';
  if (responseCode !== undefined)
    return `the mail server answered "${(response ?? String(responseCode)).slice(0, 200)}".`;
  if (code === 'ETIMEDOUT') return 'the mail server in SMTP_URL did not answer in time.';
  if (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'EDNS' || code === 'ECONNREFUSED') {
    return 'the mail server in SMTP_URL cannot be reached.';
  }
  return `the connection to the mail server failed (${code ?? 'no reason given'}).`;
}
