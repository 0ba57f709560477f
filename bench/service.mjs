import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

const patienceMs = 60_000;

/** Postulate in a process of its own: on an empty database of a server, or on the embedded one in a new folder. */
export async function startService(databaseUrl) {
  const main = compiled('main');
  const dataDir = await mkdtemp(join(tmpdir(), 'postulate-bench-'));
  const env = {
    PATH: process.env.PATH,
    POSTULATE_DATA_DIR: dataDir,
    POSTULATE_DEMO: 'off',
    PORT: '0',
    LOG_LEVEL: 'error',
    ...(databaseUrl && { DATABASE_URL: databaseUrl, POSTULATE_WORKSPACE_KEY: '7'.repeat(64) }),
  };
  // A new folder comes with a key, which is printed at the start; on a server one has to be made.
  const ownKey = databaseUrl && (await makeApiKey(env));
  const ready = ownKey ? /Pages\s+(http:\S+)\/\s/ : /Pages\s+(http:\S+)\/\s[\s\S]*API key\s+(\S+)/;
  const { child, match } = await startProcess([main], env, ready);
  const stop = async () => {
    await stopProcess(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: match[1], apiKey: ownKey ?? match[2], stop };
}

function compiled(name) {
  const file = fileURLToPath(new URL(`../dist/src/${name}.js`, import.meta.url));
  if (!existsSync(file))
    throw new Error('Postulate is not compiled: run "npm run build" in the folder above first');
  return file;
}

async function makeApiKey(env) {
  const words = [compiled('cli'), 'api-key', '--name', 'bench', '--scope', 'admin'];
  const { child, match } = await startProcess(words, env, /(pst_\S+)\s/);
  if (child.exitCode === null) await once(child, 'exit');
  return match[1];
}

export async function startEcho() {
  const main = fileURLToPath(new URL('echo-server.mjs', import.meta.url));
  const { child, match } = await startProcess([main], { PATH: process.env.PATH }, /listening on (\S+)/);
  return { url: match[1], stop: () => stopProcess(child) };
}

/** Starts a script with arguments, and waits until what it prints says that it is ready. */
async function startProcess(words, env, ready) {
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill(), patienceMs);
  let printed = '';
  try {
    for await (const chunk of child.stdout) {
      printed += chunk;
      const match = ready.exec(printed);
      if (match) return { child, match };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`${words[0]} ended, or was not ready in ${patienceMs / 1_000} s; it printed:\n${printed}`);
}

async function stopProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
