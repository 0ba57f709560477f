import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { loadReport } from '../../src/flows/load-report.js';
import { sendReport } from '../../src/flows/send-report.js';
import { noMailer, smtpMailer, type Mail } from '../../src/mailer.js';
import { renderReportEmail } from '../../src/web/render-report.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';
import { enrol, startExample } from './campaign.js';

interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

let database: Database;
let ctx: TestContext;
let key: string;
let server: SMTPServer;
let smtpUrl: string;
const arrived: Arrived[] = [];
const page = 'https://postulate.example.com/experiments/spring-offer';

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  key = await startExample(ctx, { title: 'Spring: Grüße\r\nBcc: thief@example.com' });
  await enrol(ctx, key, 100);
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(
        address.startsWith('nobody@') ? Object.assign(new Error('no such box'), { responseCode: 550 }) : null,
      ),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        arrived.push({
          from,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  arrived.length = 0;
});
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
  await database.close();
});

const post = (url = smtpUrl) => ({
  mailer: smtpMailer(url, 'Postulate <post@example.com>'),
  render: renderReportEmail,
});

describe('a report by e-mail', () => {
  it('arrives with a text and an HTML part that show the snapshot of the page', async () => {
    const sent = await sendReport(ctx, post(), key, ['ana@example.com', 'bo@example.com'], page);
    expect(sent.accepted).toEqual(['ana@example.com', 'bo@example.com']);
    expect(sent.snapshotId).toBe((await loadReport(ctx, key)).snapshot);
    expect(arrived).toHaveLength(1);
    const mail = arrived[0]!;
    expect([mail.from, mail.to]).toEqual(['post@example.com', ['ana@example.com', 'bo@example.com']]);
    const parts = partsOf(mail.raw);
    expect(Object.keys(parts)).toEqual(['text/plain', 'text/html']);
    for (const text of Object.values(parts)) {
      expect(text).toContain(sent.snapshotId);
      expect(text).toContain('Grüße');
      expect(text).toContain(page);
    }
    expect(parts['text/html']).not.toMatch(/<script|<svg|<link/);
  });

  it('has headers that no title can add to', async () => {
    await sendReport(ctx, post(), key, ['ana@example.com'], page);
    const [head] = arrived[0]!.raw.split('\r\n\r\n');
    expect(head).not.toMatch(/^bcc:/im);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(arrived[0]!.to).toEqual(['ana@example.com']);

    const subjects: string[] = [];
    const mailer = {
      send: (mail: Mail) => {
        subjects.push(mail.subject);
        return Promise.resolve({ messageId: 'kept' });
      },
    };
    const render = () =>
      Promise.resolve({ subject: 'Better\r\nBcc: thief@example.com\0', text: '', html: '' });
    await sendReport(ctx, { mailer, render }, key, ['ana@example.com'], page);
    expect(subjects).toEqual(['Better Bcc: thief@example.com']);
  });

  it.each([
    'no-at-sign',
    'a@b@c',
    'a b@example.com',
    'ana@example.com\r\nBcc: thief@example.com',
    'ana@example.com, thief@example.com',
    '"x"@example.com',
    '<ana@example.com>',
    'a@ex..ample.com',
    '@example.com',
    'ana@',
    `${'a'.repeat(65)}@example.com`,
    'a\0@example.com',
  ])('is not sent to %j', async (address) => {
    const attempt = sendReport(ctx, post(), key, ['ana@example.com', address], page);
    await expect(attempt).rejects.toMatchObject({ kind: 'bad_input', code: 'address_invalid' });
    expect(arrived).toEqual([]);
  });

  it('needs somebody to send to', async () => {
    await expect(sendReport(ctx, post(), key, [], page)).rejects.toMatchObject({ code: 'address_missing' });
    const many = Array.from({ length: 51 }, (_, i) => `a${i}@example.com`);
    await expect(sendReport(ctx, post(), key, many, page)).rejects.toMatchObject({
      code: 'too_many_addresses',
    });
    await expect(sendReport(ctx, post(), 'none', ['a@example.com'], page)).rejects.toMatchObject({
      code: 'experiment_not_found',
    });
  });

  it('says what happened when the mail server refuses, is not there or is not configured', async () => {
    const refused = sendReport(ctx, post(), key, ['nobody@example.com'], page);
    await expect(refused).rejects.toThrow('550');
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable' });
    const gone = sendReport(ctx, post('smtp://user:hunter2@127.0.0.1:1'), key, ['ana@example.com'], page);
    await expect(gone).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'The mail was not sent: the mail server in SMTP_URL cannot be reached.',
    });
    const none = sendReport(ctx, { ...post(), mailer: noMailer }, key, ['ana@example.com'], page);
    await expect(none).rejects.toMatchObject({ code: 'mail_not_configured' });
  });
});

/** The decoded text of every part by its type. */
function partsOf(raw: string): Record<string, string> {
  const boundary = /boundary="([^"]+)"/.exec(raw)![1]!;
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head, ...body] = part.trim().split('\r\n\r\n');
      const type = /content-type: ([^;\s]+)/i.exec(head!)![1]!;
      const text = body.join('\r\n\r\n');
      return [
        type,
        /base64/i.test(head!) ? Buffer.from(text, 'base64').toString() : fromQuotedPrintable(text),
      ];
    }),
  );
}

function fromQuotedPrintable(text: string): string {
  const joined = text.replaceAll('=\r\n', '');
  return Buffer.from(
    joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
}
