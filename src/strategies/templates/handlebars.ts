import Handlebars from 'handlebars';
import type { Engine, Mode, ReadProblem } from './engine.js';
import { usesOf } from './handlebars-uses.js';

/** An instance of its own, without helpers that look up names, print to the log or change the scope. */
const handlebars = Handlebars.create();
for (const name of Object.keys(handlebars.helpers)) {
  if (!['if', 'unless', 'each'].includes(name)) handlebars.unregisterHelper(name);
}

const knownHelpers = {
  if: true,
  unless: true,
  each: true,
  with: false,
  log: false,
  lookup: false,
  helperMissing: false,
  blockHelperMissing: false,
};

/** How Handlebars is set up here, for those who measure against it. */
export const compileOptions = (mode: Mode): CompileOptions => ({
  knownHelpers,
  knownHelpersOnly: true,
  noEscape: mode === 'text',
  ignoreStandalone: true,
});

const atRuntime = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

export const handlebarsEngine: Engine = {
  read(source, mode) {
    // Handlebars runs a syntax tree that it is given as an object, with whatever code stands in it.
    if (typeof (source as unknown) !== 'string') {
      return { problems: [{ code: 'not_a_text', message: 'a template is a text' }] };
    }
    let tree: hbs.AST.Program;
    try {
      tree = handlebars.parseWithoutProcessing(source);
    } catch (error) {
      return { problems: [problemOf(error, source)] };
    }
    const found = usesOf(tree);
    if (found.problems.length > 0) return found;
    const render = handlebars.compile(source, compileOptions(mode));
    return { ...found, render: (context) => render(context, atRuntime) };
  },
};

function problemOf(error: unknown, source: string): ReadProblem {
  const message = error instanceof Error ? error.message : '';
  const parse = /^Parse error on line (\d+):\n.*\n(-*)\^\n.*got '(\w+)'/s.exec(message);
  if (parse) {
    const [, line, dashes = '', got] = parse;
    const place = { line: Number(line), column: columnOf(source, Number(line), dashes.length) };
    if (got === 'EOF') {
      return {
        code: 'unclosed',
        ...place,
        message: 'a block is open where the template ends: close it with {{/if}}, {{/unless}} or {{/each}}',
      };
    }
    if (got === 'OPEN_ENDBLOCK' || got === 'INVERSE' || got === 'OPEN_INVERSE_CHAIN') {
      return { code: 'unopened', ...place, message: 'a block is closed or continued here that is not open' };
    }
    return {
      code: 'invalid_syntax',
      ...place,
      message: 'cannot be read as Handlebars; a condition names one value, as in {{#if user.vip}}',
    };
  }
  const mismatch = /^(\w+) doesn't match (\w+) - (\d+):(\d+)$/.exec(message);
  if (mismatch) {
    const [, opened = '', closed = '', line, column] = mismatch;
    const text = `the block ${opened} is closed as ${closed}: close the inner one first`;
    return { code: 'unclosed', line: Number(line), column: Number(column) + 1, message: text };
  }
  const place = /^Lexical error on line (\d+)/.exec(message) ?? / - (\d+):(\d+)$/.exec(message);
  const line = place?.[1] === undefined ? {} : { line: Number(place[1]), column: Number(place[2] ?? 0) + 1 };
  return {
    code: 'invalid_syntax',
    ...line,
    message: 'cannot be read as Handlebars: a {{ is not closed, or a name is none',
  };
}

/** The message shows at most 20 characters of the line before the place, after `...` if there are more. */
function columnOf(source: string, line: number, dashes: number): number {
  const length = (source.split('\n')[line - 1] ?? '').length;
  return Math.min(dashes + 1, length + 1);
}
