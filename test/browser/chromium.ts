import { existsSync } from 'node:fs';

/** The browser that the tests drive, if there is one. */
export const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
export const present = existsSync(executablePath);
if (!present)
  console.warn(`Browser tests are left out: there is no browser at ${executablePath}; set CHROMIUM_PATH.`);

export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
