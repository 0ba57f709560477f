import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.js';

const LEFTOVER_MS = 60 * 60 * 1000;
const target = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/**
 * The service (`main`) or its command line (`cli`) as a file for Node, of the sources as they are now. Translated once for
 * every state of the sources: loading them through tsx takes a process three times as long, and `dist` may be older.
 */
export function programFile(name: 'main' | 'cli'): string {
  const root = packageRoot();
  const sources = ['src', 'seeds'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  const texts = sources
    .sort()
    .map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')]);
  const version = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
  // Below the root, where it finds its packages, migrations and views.
  const folder = join(root, 'dist', `program-${version}`);
  if (!existsSync(folder)) translate(texts, folder);
  return join(folder, 'src', `${name}.js`);
}

/** Two test processes may both find nothing and translate; the first to rename its own wins. */
function translate(texts: readonly [string, string][], folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  removeLeftovers(dirname(folder));
  const draft = mkdtempSync(`${folder}-`);
  for (const [file, text] of texts) {
    const output = join(draft, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, ts.transpileModule(text, { compilerOptions: target }).outputText);
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Those of earlier states, unless another run may still be using them. */
function removeLeftovers(parent: string): void {
  for (const path of readdirSync(parent).map((name) => join(parent, name))) {
    if (!basename(path).startsWith('program-')) continue;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LEFTOVER_MS) rmSync(path, { recursive: true, force: true });
  }
}
