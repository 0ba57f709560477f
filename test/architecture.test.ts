import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOnDatabase, testFiles } from './support/files-of-run.js';

/**
 * The import rules of the house, as CONTRIBUTING.md has them. A rule that nobody runs erodes.
 */

const src = resolve(import.meta.dirname, '../src');

const pure = [
  'statistics',
  'evaluation',
  'experiments',
  'assignment',
  'profiles',
  'strategies',
  'engagement',
  'reports',
];

/** What a room may import besides itself. `types of` rooms: by `import type` only. */
const rooms: Readonly<Record<string, { values: readonly string[]; types?: readonly string[] }>> = {
  statistics: { values: [] },
  evaluation: { values: ['statistics'] },
  experiments: { values: [] },
  assignment: { values: ['experiments'] },
  profiles: { values: ['experiments'] },
  strategies: { values: ['profiles', 'experiments', 'evaluation'] },
  engagement: { values: ['experiments', 'statistics'] },
  reports: { values: ['statistics', 'experiments'] },
  files: { values: ['statistics'] },
  // What is stored and what it means have one source: names of sums are names of columns, old definitions are read as they
  // would be written today.
  database: { values: ['experiments', 'engagement', 'profiles'], types: pure },
  // Asks models from elsewhere, over the network or in a thread; who is asked what is decided by flows.
  scorers: { values: ['strategies'], types: ['profiles'] },
  flows: { values: [...pure, 'files', 'database'], types: ['scorers'] },
  web: { values: ['flows', 'experiments', 'engagement', 'reports', 'files'], types: [...pure, 'database'] },
  cli: { values: ['flows', 'reports', 'web', 'files'], types: pure },
};

/** Files at the top of src that working rooms may use: no wiring, no environment. */
const shared: Readonly<Record<string, readonly string[]>> = {
  files: ['errors.ts'],
  database: ['errors.ts', 'package-root.ts'],
  scorers: ['worker-from.ts'],
  flows: ['errors.ts'],
  web: ['errors.ts', 'package-root.ts'],
};

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
  readonly external: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const statements = [...text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?from\s*)?['"]([^'"]+)['"]/gm)];
  return statements.map(([, type, names, target]) => {
    const external = !target!.startsWith('.');
    const allTypes = /^\{\s*(type\s[^,}]+,?\s*)+\}\s*from\s*$/.test(names ?? '');
    const path = external
      ? target!
      : relative(src, resolve(src, dirname(file), target!.replace(/\.js$/, '.ts')));
    return { from: file, target: path, typeOnly: type !== undefined || allTypes, external };
  });
}

const roomOf = (file: string): string => (file.includes(sep) ? file.split(sep)[0]! : '.');

describe('the rooms', () => {
  it('are all described by a rule', () => {
    expect(new Set(files.map(roomOf).filter((room) => room !== '.'))).toEqual(new Set(Object.keys(rooms)));
  });

  it('import only what they may', () => {
    const broken = imports
      .filter(({ external, target }) => !external && !target.startsWith('..'))
      .filter(({ from, target, typeOnly }) => !mayImport(from, target, typeOnly))
      .map(({ from, target }) => `${from} imports ${target}`);
    expect(broken).toEqual([]);
  });

  it('have pure ones that touch no disk, network, process, clock, chance or database', () => {
    const allowed = ['zod'];
    // Languages of templates, which are set up so that they read no files; a message is a function of its template and data.
    const inTemplates = ['liquidjs', 'handlebars', 'html-to-text'];
    const isTemplates = (file: string): boolean => file.startsWith(join('strategies', 'templates'));
    // Nothing but arithmetic, with chance only from a seed that is handed in.
    const reckoning: Readonly<Record<string, string>> = {
      'ml-kmeans': join('profiles', 'personas', 'cluster.ts'),
      'ml-cart': join('profiles', 'personas', 'explain.ts'),
    };
    const broken = imports
      .filter(({ from, external }) => pure.includes(roomOf(from)) && external)
      .filter(({ from, target }) => !(isTemplates(from) && inTemplates.includes(target)))
      .filter(
        ({ from, target }) =>
          !allowed.includes(target) &&
          reckoning[target] !== from &&
          !(from.endsWith('content-hash.ts') && target === 'node:crypto'),
      )
      .map(({ from, target }) => `${from} imports ${target}`);
    const impure = /\bDate\.now\b|new Date\(\)|\bMath\.random\b|\bprocess\.|\bglobalThis\b|\bcrypto\./;
    for (const file of files.filter((name) => pure.includes(roomOf(name)))) {
      if (impure.test(withoutComments(file))) broken.push(`${file} uses the clock, chance or the process`);
    }
    expect(broken).toEqual([]);
  });

  it('leave clock and chance to arguments in flows as well', () => {
    const impure = /\bDate\.now\b|new Date\(\)|\bMath\.random\b|process\.env/;
    const broken = files
      .filter((name) => roomOf(name) === 'flows')
      .filter((name) => impure.test(withoutComments(name)));
    expect(broken).toEqual([]);
  });

  it('read the environment in config.ts and where the process starts only', () => {
    const readers = files.filter((name) => /process\.env/.test(withoutComments(name)));
    expect(readers.filter((name) => !['config.ts', 'main.ts', 'cli.ts'].includes(name))).toEqual([]);
  });

  it('have no default exports, no barrels and no attics', () => {
    const broken = files.filter((name) => /(^|[/\\])(index|utils?|helpers?|common|misc)\.ts$/.test(name));
    for (const file of files) if (/^export default/m.test(withoutComments(file))) broken.push(file);
    expect(broken).toEqual([]);
  });

  it('import each other in no circle', () => {
    const graph = new Map<string, string[]>();
    for (const { from, target, typeOnly, external } of imports) {
      if (!external && !typeOnly) graph.set(from, [...(graph.get(from) ?? []), target]);
    }
    expect(files.flatMap((file) => circleFrom(graph, file) ?? [])).toEqual([]);
  });
});

describe('the run on a server', () => {
  const root = resolve(src, '..');
  const beside = ['test', 'bench/soak'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const mentions = (file: string, words: RegExp): boolean =>
    words.test(readFileSync(join(root, file), 'utf8'));

  it('has every test that can tell on which database it runs', () => {
    const telling = /\b(openTestDatabase|openHarness|databaseForTests|testsRunOnPostgres|testServerUrl)\b/;
    const tests = testFiles().filter((file) => mentions(file, telling));
    expect(tests.length).toBeGreaterThan(30);
    const onServer = filesOnDatabase();
    expect(
      tests.filter((file) => !onServer.includes(file) && file !== relative(root, import.meta.filename)),
    ).toEqual([]);
    expect(onServer.length).toBeLessThan(testFiles().length);
  });

  it('is known to one file of the tests', () => {
    const settings = /\benv(\.|\[')(POSTULATE_TEST_DATABASE|TEST_DATABASE_URL)\b/;
    const own = relative(root, import.meta.filename);
    expect(beside.filter((file) => file !== own && mentions(file, settings))).toEqual([
      'test/support/database.ts',
    ]);
  });
});

function mayImport(from: string, target: string, typeOnly: boolean): boolean {
  const room = roomOf(from);
  const other = roomOf(target);
  if (room === '.' || room === other) return true;
  const rule = rooms[room];
  if (!rule) return false;
  // The command line wires like main.ts does; others may know the wiring by type at most.
  if (other === '.') return room === 'cli' || typeOnly || (shared[room] ?? []).includes(target);
  return rule.values.includes(other) || (typeOnly && (rule.types ?? []).includes(other));
}

function withoutComments(file: string): string {
  return readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
}

function circleFrom(graph: ReadonlyMap<string, readonly string[]>, start: string): string[] | undefined {
  const seen = new Set<string>();
  const stack = [...(graph.get(start) ?? [])].map((next) => [start, next]);
  while (stack.length > 0) {
    const path = stack.pop()!;
    const last = path.at(-1)!;
    if (last === start) return path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of graph.get(last) ?? []) stack.push([...path, next]);
  }
  return undefined;
}
