import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { args, executablePath, present } from './chromium.js';
import { inPage } from './in-page.js';
import { paths } from './paths.js';
import { startService, type ServiceProcess, type Welcomed } from '../support/service-process.js';

describe.skipIf(!present)('the pages in a browser', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'postulate-browser-'));
  let service: ServiceProcess;
  let welcome: Welcomed;
  let browser: Browser;
  let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
  /** Everything a browser complains about: script errors, refused resources, violations of the policy. */
  const complaints: string[] = [];

  beforeAll(async () => {
    service = startService({ POSTULATE_DATA_DIR: dataDir });
    browser = await chromium.launch({ executablePath, args });
    welcome = await service.ready();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(welcome.signIn!);
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.textContent('h1')).toBe('Experiments');
    signedIn = await context.storageState();
    await context.close();
  });
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ storageState: signedIn, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => {
      // Going on before a picture has arrived is no failure.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED')
        complaints.push(`not loaded: ${request.url()}`);
    });
    await page.goto(welcome.url + path);
    return page;
  }

  it('list the experiments of the demo world', async () => {
    const page = await open('/');
    const titles = await page.locator('tbody th a').allTextContents();
    expect(titles.length).toBeGreaterThanOrEqual(3);
    await page.getByRole('link', { name: /Win-back/ }).click();
    expect(await page.textContent('h1')).toContain('Win-back');
    await page.context().close();
  });

  it('draw the charts of a report from our own server', async () => {
    const page = await open('/experiments/win-back');
    const shares = await page.evaluate<number[]>(inPage('inked-share'));
    expect(shares.map((share) => share > 0.005 && share < 0.5)).toEqual([true, true]);
    const choice = page.getByLabel('Metric of the effect chart');
    const before = await page.locator('#effect-chart').screenshot();
    await choice.selectOption({ index: 1 });
    expect((await page.locator('#effect-chart').screenshot()).equals(before)).toBe(false);
    await page.context().close();
  });

  it('take an experiment from the form to its report', async () => {
    const page = await open('/experiments/new');
    await page.getByLabel('Title').fill('Which greeting?');
    await page.getByRole('button', { name: 'Create the draft', exact: true }).click();
    expect(await page.locator('#f-controlSubject-error').textContent()).toContain('subject line');
    expect(await page.getByLabel('Title').inputValue()).toBe('Which greeting?');
    // The refusal itself is an answer with status 422, which the browser mentions.
    expect(complaints.splice(0).every((text) => text.includes('422'))).toBe(true);
    await page.getByLabel('Hypothesis').fill('A name is clicked more often.');
    await page.getByLabel('Subject line of the control').fill('Hello');
    await page.getByLabel('Subject line of the challenger').fill('Hello Ada');
    await page.getByRole('button', { name: 'Create the draft', exact: true }).click();
    expect(new URL(page.url()).pathname).toBe('/experiments/which-greeting');
    await page.getByRole('button', { name: 'Start' }).click();
    expect(await page.locator('.experiment-bar .status').textContent()).toContain('running');

    await page.getByRole('link', { name: 'Assign and report' }).click();
    await page.getByLabel('Recipients, one a line').fill('ada\nbob\ncleo');
    await page.getByRole('button', { name: 'Assign' }).click();
    const rows = page.locator('#answers tbody tr');
    expect(await rows.locator('th').allTextContents()).toEqual(['ada', 'bob', 'cleo']);

    for (const type of ['sent', 'clicked']) {
      await page.getByLabel('Event', { exact: true }).selectOption(type);
      await page.getByLabel('Recipient id or message id').fill('ada');
      await page.getByRole('button', { name: 'Record' }).click();
      expect(await page.locator('#results').textContent()).toContain('recorded');
    }
    await page.goto(`${welcome.url}/v1/experiments/which-greeting/report`);
    const report = JSON.parse((await page.textContent('body'))!) as {
      metrics: { key: string; arms: { nonZero: number }[] }[];
    };
    const clicked = report.metrics.find((metric) => metric.key === 'clicked')!;
    expect(clicked.arms.reduce((sum, arm) => sum + arm.nonZero, 0)).toBe(1);
    await page.goto(`${welcome.url}/experiments/which-greeting`);
    expect(await page.textContent('article.report')).toContain('3 recipients');
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await page.locator('.experiment-bar .status').textContent()).toContain('stopped');
    await page.context().close();
  });

  it('show events as they arrive, until somebody pauses or looks away', async () => {
    const page = await open('/experiments/spring-offer/events');
    const newest = page.locator('.feed tbody tr').first();
    const updated = page.locator('#live time').first();
    const record = async (id: string): Promise<void> => {
      const events = [
        { id, type: 'sent', experiment: 'spring-offer', recipient: 'feed@example.com', at: new Date() },
      ];
      const headers = { Authorization: `Bearer ${welcome.apiKey!}` };
      const answer = await page.request.post(`${welcome.url}/v1/events`, { headers, data: { events } });
      expect(answer.status()).toBe(200);
    };
    await page.request.post(`${welcome.url}/v1/experiments/spring-offer/assignments`, {
      headers: { Authorization: `Bearer ${welcome.apiKey!}` },
      data: { recipients: [{ id: 'feed@example.com' }] },
    });
    await record('<b>live</b>');
    await newest.getByText('<b>live</b>').waitFor({ timeout: 15_000 });
    expect(await page.locator('#live').getAttribute('aria-live')).toBe('off');

    await page.getByRole('button', { name: 'Stop refreshing this page' }).click();
    await record('while-paused');
    const paused = await updated.textContent();
    await page.waitForTimeout(6_500);
    expect(await updated.textContent()).toBe(paused);
    await page.getByRole('button', { name: 'Go on refreshing this page' }).click();
    await newest.getByText('while-paused').waitFor({ timeout: 15_000 });

    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const hide = (hidden: boolean): Promise<unknown> =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
         document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await hide(true);
    await page.waitForTimeout(6_500);
    expect(asked).toEqual([]);
    await hide(false);
    await expect.poll(() => asked.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await page.context().close();
  }, 90_000);

  it('lead from what each arm would show to the decision and why it came out so', async () => {
    const page = await open('/experiments/spring-offer/preview', { javaScriptEnabled: false });
    await page.getByLabel('Recipient id').fill('customer-00197@shop.example');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('.arm-card').count()).toBe(4);
    expect(await page.locator('.arm-own').textContent()).toContain('Still thinking it over?');
    await page.getByRole('link', { name: 'the decision' }).click();
    expect(await page.textContent('main')).toContain('it comes out the same');
    expect(await page.locator('.trace').first().textContent()).toContain('left-a-cart');
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(await page.evaluate(inPage('structure'))).toEqual([]);
    await page.context().close();
  });

  it('show the demo shop as somebody would run it: no finding, every message fine', async () => {
    const page = await open('/experiments/spring-offer/messages');
    expect(await page.locator('.cell-ok').count()).toBe(44);
    expect(await page.locator('.matrix .cell:not(.cell-ok)').count()).toBe(0);
    await page.goto(`${welcome.url}/experiments/tea-picks/messages`);
    expect(await page.locator('.matrix .cell:not(.cell-ok)').count()).toBe(0);
    await page.goto(`${welcome.url}/strategies/offer-by-history`);
    expect(await page.textContent('main')).toMatch(/Nothing found[^]*9 tests, all passed/);
    await page.context().close();
  });

  it('compare two strategies on logged decisions, without a script', async () => {
    const page = await open('/strategies/offer-by-history?version=1', { javaScriptEnabled: false });
    await page.getByLabel('Experiment and metric').selectOption('win-back order');
    await page.getByLabel('Compared with').selectOption('one-offer@1');
    await page.getByRole('button', { name: 'Look' }).click();
    const section = page.locator('section[aria-labelledby=earned]');
    expect(await section.locator('strong.figure').textContent()).toMatch(
      /offer-by-history@1 is shown to do better than one-offer@1: \+6\.0\spp/,
    );
    const head = await section.locator('thead').first().locator('th').allTextContents();
    expect(head).toEqual(['Estimator', 'Difference', 'offer-by-history@1', 'one-offer@1']);
    expect(await page.getByLabel('Compared with').inputValue()).toBe('one-offer@1');
    await page.context().close();
  });

  it('follow a learning until it has ended, say so once for each step, and lead to the model', async () => {
    const headers = { Authorization: `Bearer ${welcome.apiKey!}` };
    const queue = async (page: Page, n: number): Promise<void> => {
      const url = `${welcome.url}/v1/strategies/best-sellers/learn`;
      for (let i = 0; i < n; i++)
        expect((await page.request.post(url, { headers, data: { waitSeconds: 0 } })).status()).toBe(202);
    };
    const page = await open('/strategies/likely-visitors');
    await queue(page, 6);
    await page.getByRole('button', { name: 'Learn now' }).click();
    expect(new URL(page.url()).pathname).toMatch(/^\/learning-runs\//);
    expect(await page.textContent('.learning-run')).toContain('Waiting for its turn');
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(await page.evaluate(inPage('structure'))).toEqual([]);
    expect(await page.evaluate(inPage('contrast'))).toEqual([]);
    // What a screen reader would hear, sentence by sentence.
    await page.evaluate(`window.heard = [];
      new MutationObserver(() => window.heard.push(document.querySelector('[data-live-says]').textContent))
        .observe(document.querySelector('[data-live-says]'), { childList: true, characterData: true, subtree: true })`);
    await page.getByRole('link', { name: 'Look again' }).focus();
    await page.locator('.learning-run').getByText('It has learned').waitFor({ timeout: 100_000 });
    const heard = await page.evaluate<string[]>('window.heard');
    expect(heard.at(-1)).toMatch(/^It has learned\. likely-visitors\/2 was (promoted|kept)/);
    expect(heard.filter((sentence, i) => sentence === heard[i - 1])).toEqual([]);
    expect(await page.locator('[data-live-bar]').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.className')).toBe('learning-run');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForTimeout(4_500);
    expect(asked).toEqual([]);
    await page.getByRole('link', { name: 'Look at the model likely-visitors/2' }).click();
    expect(await page.textContent('h1')).toContain('likely-visitors/2');

    await queue(page, 6);
    await page.goto(`${welcome.url}/strategies/likely-visitors`);
    await page.getByRole('button', { name: 'Learn now' }).click();
    const ofItsOwn = await open(new URL(page.url()).pathname, { javaScriptEnabled: false });
    await ofItsOwn.getByRole('link', { name: 'Look again' }).click();
    await ofItsOwn.getByRole('button', { name: 'End it' }).click();
    expect(await ofItsOwn.textContent('.learning-run')).toContain('was ended before it was done');
    await page
      .locator('.learning-run')
      .getByText('was ended before it was done')
      .waitFor({ timeout: 20_000 });
    for (const one of [page, ofItsOwn]) await one.context().close();
  }, 200_000);

  it('have no style rule inside another, as a brace that is missing would make', async () => {
    const page = await open('/');
    const nested = `[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSStyleRule && rule.cssRules.length > 0).map((rule) => rule.selectorText)`;
    expect(await page.evaluate(nested)).toEqual([]);
    await page.context().close();
  });

  it('add a metric to an experiment that runs', async () => {
    const page = await open('/experiments/spring-offer');
    await page.getByLabel('Add a metric').selectOption('complaint');
    await page.getByRole('button', { name: 'Add the metric' }).click();
    expect(await page.locator('.refills').textContent()).toMatch(/The metric complaint (waits|is)/);
    await page.getByLabel('Break down by a trait').fill('orders');
    await page.getByRole('button', { name: 'Break down' }).click();
    expect(await page.textContent('h1')).toContain('by orders');
    expect(await page.textContent('main')).toContain('exploratory');
    await page.context().close();
  });

  it('need no script', async () => {
    const page = await open('/experiments/win-back', { javaScriptEnabled: false });
    expect(await page.locator('.verdict-sentence').textContent()).toMatch(/\S/);
    expect(await page.locator('.report table').count()).toBeGreaterThan(2);
    await page.getByRole('link', { name: 'Assign and report' }).click();
    await page.getByLabel('Recipients, one a line').fill('ada');
    await page.getByRole('button', { name: 'Assign' }).click();
    expect(await page.locator('#answers').textContent()).toContain('excluded: stopped');
    await page.goto(`${welcome.url}/experiments/spring-offer/events`);
    expect(await page.locator('.feed tbody tr').count()).toBeGreaterThan(10);
    await page.getByRole('link', { name: 'Reload' }).click();
    await page.getByRole('link', { name: 'Funnel and days' }).click();
    expect(await page.locator('.funnel tbody th').allTextContents()).toContain('Clicked');
    await page.context().close();
  });

  it('fit a narrow and a wide screen', async () => {
    for (const width of [390, 1280]) {
      const page = await open('/', { viewport: { width, height: 800 } });
      for (const path of paths) {
        await page.goto(welcome.url + path);
        const over = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([path, width, over]).toEqual([path, width, 0]);
      }
      await page.context().close();
    }
  });

  it('have labels, captions, one h1, headings in order, and enough contrast in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open('/', { colorScheme });
      for (const path of paths) {
        await page.goto(welcome.url + path);
        expect([path, await page.evaluate(inPage('structure'))]).toEqual([path, []]);
        expect([path, colorScheme, await page.evaluate(inPage('contrast'))]).toEqual([path, colorScheme, []]);
      }
      await page.context().close();
    }
  });

  it('can be used by keyboard alone', async () => {
    const page = await open('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/experiments/new');
    await page.context().close();
  });

  it('sign out', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.textContent('h1')).toBe('Sign in');
    const answer = await page.goto(`${welcome.url}/`);
    expect(answer?.status()).toBe(401);
    complaints.length = 0;
    await page.context().close();
  });
});
