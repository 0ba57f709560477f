/** Runs a code block of the documentation and holds what it says against what comes out. */
import ts from 'typescript';

/** A line `expression; // → said` of which something else came out. */
export interface Untrue {
  readonly line: number;
  readonly said: string;
  readonly got: string;
}

type Load = (path: string) => Promise<Record<string, unknown>>;
type Check = (got: unknown, said: string, line: number) => void;
type Body = (load: Load, check: Check) => Promise<void>;

/**
 * Runs the TypeScript of one block, imports through `load`. Every statement followed by `// → text` is compared with the
 * text: numbers to the digits that are printed, all else by its spelling. A block without such a line says nothing and
 * counts as untrue.
 */
export async function runExample(code: string, load: Load): Promise<{ checks: number; untrue: Untrue[] }> {
  const untrue: Untrue[] = [];
  let checks = 0;
  const check: Check = (got, said, line) => {
    checks += 1;
    if (!says(got, said)) untrue.push({ line, said, got: spell(got) });
  };
  const js = ts.transpileModule(instrument(code), { compilerOptions: { target: ts.ScriptTarget.ES2023 } });
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => Body;
  await new AsyncFunction('load', 'check', js.outputText)(load, check);
  return { checks, untrue };
}

/** Imports become calls of `load`, marked statements calls of `check`. */
function instrument(code: string): string {
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2023, true);
  return file.statements.map((statement) => translate(statement, file)).join('\n');
}

function translate(statement: ts.Statement, file: ts.SourceFile): string {
  if (ts.isImportDeclaration(statement)) {
    if (statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return '';
    const names = statement.importClause?.namedBindings?.getText(file).replaceAll(' as ', ': ');
    return `const ${names} = await load(${statement.moduleSpecifier.getText(file)});`;
  }
  const said = /^[ \t]*\/\/ → (.*)/.exec(file.text.slice(statement.end))?.[1];
  if (said === undefined || !ts.isExpressionStatement(statement)) return statement.getText(file);
  const line = file.getLineAndCharacterOfPosition(statement.end).line + 1;
  return `check((${statement.expression.getText(file)}), ${JSON.stringify(said.trim())}, ${line});`;
}

function says(got: unknown, said: string): boolean {
  if (Array.isArray(got)) {
    const parts = splitList(said);
    return parts?.length === got.length && got.every((item, i) => says(item, parts[i] ?? ''));
  }
  if (typeof got === 'number' && /^-?[\d.,_]+(e[-+]?\d+)?$/i.test(said)) return sameDigits(got, said);
  return spell(got) === said.replace(/^(['"])(.*)\1$/, '$2');
}

/** Parts of `[a, b, [c, d]]`. */
function splitList(said: string): string[] | undefined {
  if (!said.startsWith('[') || !said.endsWith(']')) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const sign of said.slice(1, -1)) {
    depth += sign === '[' ? 1 : sign === ']' ? -1 : 0;
    if (sign === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += sign;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

/** Whether a number, rounded to as many digits, is the one that is printed. */
function sameDigits(got: number, said: string): boolean {
  const plain = said.replaceAll(/[,_]/g, '');
  const [mantissa = '', exponent = '0'] = plain.toLowerCase().split('e');
  const places = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return Math.abs(got - Number(plain)) <= 0.500001 * 10 ** -places;
}

function spell(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? `[${value.map(spell).join(', ')}]` : String(value);
}
