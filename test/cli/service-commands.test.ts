import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';
import { enrol, startExample } from '../flows/campaign.js';

/** The commands that work on the database of the service, on an embedded one that no service holds. */

let dataDir: string;
let smtp: SMTPServer;
const mails: string[] = [];

async function run(args: readonly string[], more: Record<string, string> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const env = { POSTULATE_DATA_DIR: dataDir, ...more };
  const io = {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env,
    now: () => new Date(),
    signal: new AbortController().signal,
  };
  const code = await runCli(args, io);
  return { code, ...texts };
}

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  const key = await startExample(service.ctx);
  await enrol(service.ctx, key, 60);
  await service.close();
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let mail = '';
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString()));
      stream.on('end', () => {
        mails.push(mail);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('commands on the database', () => {
  it('audit and rebuild say that all is well, and end with 0', async () => {
    expect(await run(['audit'])).toMatchObject({
      code: 0,
      out: 'spring-offer: 60 recipients, all as drawn\n',
    });
    const rebuilt = await run(['rebuild']);
    expect(rebuilt.code).toBe(0);
    expect(rebuilt.out).toMatch(/^spring-offer: 60 recipients, \d+ cells, no difference\n$/);
  });

  it('train compares what a strategy could learn by, learns without that, and says what is wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'train-'));
    const file = join(folder, 'again.json');
    const model = { estimator: 'logistic', features: ['recency_days'] };
    const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
    const definition = { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', model, levels };
    writeFileSync(file, JSON.stringify({ owner: 'Ana', purpose: 'A test.', ...definition }));
    expect(await run(['rules', 'register', file, '--name', 'again'])).toMatchObject({ code: 0 });
    const compared = await run(['train', 'again', '--compare']);
    expect(compared).toMatchObject({ code: 1, err: '' });
    expect(compared.out).toContain('outcome is not compared: There is too little to compare by');
    const json = await run(['train', 'again', '--compare', '--json', '--folds', '3']);
    expect(JSON.parse(json.out)).toMatchObject({ of: 'again@1', kind: 'propensity' });
    // Without it the same as strategies learn, to the word.
    const learned = await run(['train', 'again']);
    expect(learned).toMatchObject({ code: 1, err: expect.stringContaining('learned nothing') as string });
    expect(await run(['strategies', 'learn', 'again'])).toEqual(learned);
    expect(await run(['train'])).toMatchObject({ code: 2 });
    expect(await run(['train', 'again', '--folds', '3'])).toMatchObject({ code: 2 });
    expect(await run(['train', 'again', '--compare', '--folds', '1'])).toMatchObject({ code: 2 });
    expect(await run(['train', 'nobody', '--compare'])).toMatchObject({ code: 1 });
    rmSync(folder, { recursive: true });
  });

  it('send-report sends the snapshot that it names', async () => {
    const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    const sent = await run(['send-report', 'spring-offer', '--to', 'ana@example.com'], { SMTP_URL: smtpUrl });
    expect(sent).toMatchObject({ code: 0, err: '' });
    const snapshot = /^Sent snapshot (r_[0-9a-f]{20}) to ana@example\.com\.\n$/.exec(sent.out)?.[1];
    expect(snapshot).toBeDefined();
    expect(mails[0]).toContain(`X-Postulate-Snapshot: ${snapshot}`);
  });

  it('api-key and sign-in-link print what they made, once', async () => {
    expect((await run(['api-key', '--name', 'sender', '--scope', 'sender'])).out).toMatch(
      /^pst_[a-z0-9]{12}_\S{43}\n$/,
    );
    expect((await run(['sign-in-link', '--role', 'analyst'])).out).toMatch(
      /^http:\/\/127\.0\.0\.1:3000\/sign-in\?token=\S{43}\n$/,
    );
  });

  const mistakes: [string[], Record<string, string>, number, RegExp][] = [
    [['audit', 'now'], {}, 2, /takes no arguments/],
    [['rebuild', '--forse'], {}, 2, /no option --forse/],
    [['send-report'], {}, 2, /which experiment/],
    [['send-report', 'spring-offer'], {}, 2, /to whom/],
    [['send-report', 'spring-offer', '--to', 'ana@example.com'], {}, 1, /SMTP_URL/],
    [['send-report', 'nothing', '--to', 'ana@example.com'], { SMTP_URL: 'smtp://127.0.0.1:1' }, 1, /no experiment "nothing"/],
    [['api-key', '--scope', 'sender'], {}, 2, /--name/],
    [['api-key', '--name', 'x', '--scope', 'god'], {}, 1, /scopes/],
    [['sign-in-link', '--role', 'god'], {}, 2, /roles are/],
    [['audit'], { PORT: 'http' }, 1, /PORT/],
  ]; // prettier-ignore
  it.each(mistakes)('%j with %j ends with %i and a sentence', async (args, env, code, sentence) => {
    const answer = await run(args, env);
    expect(answer.err).toMatch(sentence);
    expect(answer).toMatchObject({ code, out: '' });
  });

  it('refuse a folder without a database, and make none there', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'postulate-empty-'));
    const answer = await run(['audit'], { POSTULATE_DATA_DIR: empty });
    expect(answer).toMatchObject({ code: 1, out: '' });
    expect(answer.err).toContain(`There is no Postulate database in ${empty}`);
    expect(existsSync(join(empty, 'workspace.key'))).toBe(false);
    const file = join(empty, 'file');
    writeFileSync(file, '');
    expect((await run(['audit'], { POSTULATE_DATA_DIR: file })).code).toBe(1);
    rmSync(empty, { recursive: true });
  });
});
