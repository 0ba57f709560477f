import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const knowsTheDatabase = join(import.meta.dirname, 'database.ts');

/** Every test file but those for a browser, from the root of the project. */
export function testFiles(): string[] {
  const names = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const tests = names.filter((name) => name.endsWith('.test.ts') && !/^browser[/\\]/.test(name));
  return tests.map((name) => join('test', name)).sort();
}

/**
 * The test files that run on the database of the run: those that come to `support/database.ts`, directly or through what
 * they import. Nothing in any other file can tell a run on a server from one on the embedded database.
 */
export function filesOnDatabase(): string[] {
  return testFiles().filter((name) => reaches(join(root, name), new Set()));
}

function reaches(file: string, seen: Set<string>): boolean {
  if (file === knowsTheDatabase) return true;
  // The sources know no tests.
  if (seen.has(file) || relative(root, file).startsWith('src')) return false;
  seen.add(file);
  return importsOf(file).some((one) => reaches(one, seen));
}

function importsOf(file: string): string[] {
  const targets = [...readFileSync(file, 'utf8').matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)];
  return targets
    .map(([, target = '']) => resolve(dirname(file), target.replace(/\.js$/, '.ts')))
    .filter((path) => path.endsWith('.ts') && existsSync(path));
}
