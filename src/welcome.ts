import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { authenticateToken, createApiKey } from './flows/access.js';
import type { Context } from './flows/context.js';
import { listExperiments } from './flows/find-experiment.js';
import { createSignInLink, nobodyHasAccess } from './flows/sign-in.js';
import { readOwnFile } from './workspace-key.js';

export interface Welcome {
  readonly publicUrl: string;
  readonly signInUrl?: string;
  readonly apiKey?: string;
  /** An experiment that can be asked for arms. */
  readonly experiment?: string;
  readonly seconds: number;
}

/**
 * Ways in for the operator. On the embedded database every start gives a fresh link and the same key; on a shared
 * server only the very first start gives a link, because its output may be kept where others read it.
 */
export async function waysIn(ctx: Context, config: Config): Promise<Pick<Welcome, 'signInUrl' | 'apiKey'>> {
  const embedded = config.databaseUrl === undefined;
  if (!embedded && !(await nobodyHasAccess(ctx))) return {};
  const apiKey = embedded ? await demoApiKey(ctx, config.dataDir) : undefined;
  const { token } = await createSignInLink(ctx, { name: 'Operator', role: 'admin' });
  return { signInUrl: `${config.publicUrl}/sign-in?token=${token}`, ...(apiKey !== undefined && { apiKey }) };
}

/** Kept in a file that only this account may read, because the database has no more than its hash. */
async function demoApiKey(ctx: Context, dataDir: string): Promise<string> {
  const path = join(dataDir, 'demo-api-key');
  const kept = readOwnFile(path);
  if (kept !== undefined && (await isValid(ctx, kept))) return kept;
  const { token } = await createApiKey(ctx, { name: 'Printed at start', scopes: ['admin'] });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}

async function isValid(ctx: Context, token: string): Promise<boolean> {
  return authenticateToken(ctx, token).then(
    () => true,
    () => false,
  );
}

/** The newest experiment that runs. */
export async function runningExperiment(ctx: Context): Promise<string | undefined> {
  return (await listExperiments(ctx)).find((experiment) => experiment.status === 'running')?.key;
}

export function welcomeText(welcome: Welcome): string {
  const { publicUrl, signInUrl, apiKey, experiment } = welcome;
  const lines = [
    `Postulate is ready after ${welcome.seconds.toFixed(1)} s.`,
    '',
    `  Pages    ${publicUrl}/`,
    signInUrl === undefined
      ? '  Sign in  npx postulate sign-in-link'
      : `  Sign in  ${signInUrl}\n           (works once, within 24 hours)`,
    `  API      ${publicUrl}/docs/api`,
  ];
  if (apiKey !== undefined) lines.push(`  API key  ${apiKey}`);
  if (apiKey !== undefined && experiment !== undefined)
    lines.push('', 'Ask for an arm:', '', curlLine(publicUrl, apiKey, experiment));
  return `${lines.join('\n')}\n\n`;
}

function curlLine(publicUrl: string, apiKey: string, experiment: string): string {
  const body = JSON.stringify({
    recipients: [{ id: 'ada@example.com', traits: { country: 'SE', orders: 4 } }],
  });
  return `  curl -sS ${publicUrl}/v1/experiments/${experiment}/assignments -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${body}'`;
}
