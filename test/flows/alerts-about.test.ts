import { beforeEach, describe, expect, it } from 'vitest';
import { raiseAlert } from '../../src/database/alerts.js';
import { alertsAbout } from '../../src/flows/alerts-about.js';
import { closeAlert } from '../../src/flows/alerts.js';
import { sendReport } from '../../src/flows/send-report.js';
import type { Mail } from '../../src/mailer.js';
import { renderReportEmail } from '../../src/web/render-report.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { enrol, startExample } from './campaign.js';
import { startShop } from './shop.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  await startShop(ctx, 30);
});

const raise = (kind: string, subject: string, message = `${subject} is <odd>.`) =>
  raiseAlert(ctx.db, { kind, subject, message, detail: {} }, ctx.clock());
const about = async (key = 'shop') =>
  (await alertsAbout(ctx, key)).map(({ kind, subject }) => `${kind} ${subject}`);

async function mailOf(key: string): Promise<Mail> {
  const sent: Mail[] = [];
  const mailer = {
    send: (mail: Mail) => {
      sent.push(mail);
      return Promise.resolve({ messageId: 'kept' });
    },
  };
  await sendReport(
    ctx,
    { mailer, render: renderReportEmail },
    key,
    ['ana@example.com'],
    'https://p.example/x',
  );
  return sent[0]!;
}

describe('alerts about the models of an experiment', () => {
  it('are those of the versions that its arms use, while they are open', async () => {
    expect(await about()).toEqual([]);
    await raise('drift', 'best-sellers@1');
    await raise('learning', 'best-sellers');
    for (const [kind, subject] of [
      ['drift', 'best-sellers@2'],
      ['drift', 'other@1'],
      ['learning', 'other'],
      ['volume', 'best-sellers'],
    ] as const)
      await raise(kind, subject);
    expect((await about()).sort()).toEqual(['drift best-sellers@1', 'learning best-sellers']);
    for (const { id } of await alertsAbout(ctx, 'shop')) await closeAlert(ctx, id, 'Ana');
    expect(await about()).toEqual([]);
    await expect(alertsAbout(ctx, 'nobody')).rejects.toMatchObject({ code: 'experiment_not_found' });
  });

  it('stand in the mail of its report, and in no other', async () => {
    const quiet = await mailOf('shop');
    expect(quiet.text + quiet.html).not.toMatch(/open alerts/i);
    await raise('drift', 'best-sellers@1', 'best-sellers/1 no longer fits\nwhat it sees: <AUC>.');
    const { text, html } = await mailOf('shop');
    expect(text).toMatch(
      /^OPEN ALERTS about models[^\n]*\n {2}- best-sellers\/1 no longer fits what it sees: <AUC>\.\n/,
    );
    expect(html).toContain('fits what it sees: &lt;AUC&gt;.');
    const other = await startExample(ctx);
    await enrol(ctx, other, 20);
    expect(await about(other)).toEqual([]);
    expect((await mailOf(other)).text).not.toContain('ALERTS');
  });
});
