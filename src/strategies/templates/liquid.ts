import { analyzeSync, Liquid, type Template, type TokenizationError, type Variable } from 'liquidjs';
import type { Engine, Mode, Read, ReadProblem, Use } from './engine.js';
import { outputsOf } from './liquid-outputs.js';
import { longestSource } from './template.js';

/** Everything else reads files, keeps state between messages or hides what is rendered. */
const allowedTags = [
  'assign',
  'break',
  'capture',
  'case',
  'comment',
  'continue',
  'echo',
  'for',
  'if',
  'raw',
  'unless',
  '#',
];

/**
 * Not here: what draws (`sample`), evaluates text as code (`where_exp`), dumps objects (`json`, `inspect`), or escapes a
 * second time (`escape`). `raw` is for slots alone; `checkUses` sees to that.
 */
const allowedFilters = (
  'abs append at_least at_most capitalize ceil compact concat date default divided_by downcase first floor join last ' +
  'lstrip map minus modulo normalize_whitespace plus prepend raw remove remove_first remove_last replace replace_first ' +
  'replace_last reverse round rstrip size slice sort sort_natural split squish strip strip_html strip_newlines times ' +
  'truncate truncatewords uniq upcase url_encode where'
).split(' ');

/** Time and memory that one rendering may take, as liquidjs counts them itself; a timer around it ends what it misses. */
const renderMs = 1_000;
const mostMemory = 10_000_000;

/** How liquidjs is set up here, for those who measure against it. */
export function liquidFor(mode: Mode): Liquid {
  const liquid = new Liquid({
    // Without files: a mapping of templates, and nothing in it.
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: longestSource,
    renderLimit: renderMs,
    memoryLimit: mostMemory,
    // Otherwise dates would be those of the machine's time zone and language.
    timezoneOffset: 0,
    locale: 'en-US',
    ...(mode === 'html' && { outputEscape: 'escape' as const }),
  });
  for (const name of Object.keys(liquid.tags))
    if (!allowedTags.includes(name)) Reflect.deleteProperty(liquid.tags, name);
  for (const name of Object.keys(liquid.filters))
    if (!allowedFilters.includes(name)) Reflect.deleteProperty(liquid.filters, name);
  liquid.registerFilter('date', withoutNow(liquid.filters['date']));
  return liquid;
}

type FilterFunction = (this: unknown, value: unknown, ...rest: unknown[]) => unknown;

/** `now` and `today` would make a message that cannot be made again; they stay what they are, words. */
function withoutNow(filter: unknown): FilterFunction {
  const date = (
    typeof filter === 'function' ? filter : (filter as { handler: unknown }).handler
  ) as FilterFunction;
  return function (value, ...rest) {
    return value === 'now' || value === 'today' ? value : date.call(this, value, ...rest);
  };
}

const engines: Readonly<Record<Mode, Liquid>> = { html: liquidFor('html'), text: liquidFor('text') };

export const liquidEngine: Engine = {
  read(source, mode) {
    const liquid = engines[mode];
    let templates: Template[];
    try {
      templates = liquid.parse(source);
      return readOf(liquid, templates);
    } catch (error) {
      return { problems: [problemOf(error)] };
    }
  },
};

function readOf(liquid: Liquid, templates: Template[]): Read | { readonly problems: readonly ReadProblem[] } {
  const { globals, variables } = analyzeSync(templates, { partials: false });
  const outputs = outputsOf(templates);
  const problems: ReadProblem[] = [...outputs.problems];
  const uses: Use[] = [];
  const global = new Set(Object.values(globals).flat());
  for (const variable of global) {
    const { row, col } = variable.location;
    const path = variable.segments.filter((segment) => typeof segment === 'string');
    const dynamic = variable.segments.some((segment) => typeof segment === 'object');
    if (dynamic) {
      const message = `${String(variable)} asks for a name that is only known while rendering; write the name itself`;
      problems.push({ code: 'dynamic_name', line: row, column: col, message });
      continue;
    }
    const found = outputs.at.get(`${row}:${col}`);
    uses.push({ path, line: row, column: col, bare: found?.bare ?? false, raw: found?.raw ?? false });
  }
  if (problems.length > 0) return { problems };
  return {
    uses,
    itemFields: fieldsOf(Object.values(variables).flat(), globals),
    render: (context) => String(liquid.renderSync(templates, context)),
  };
}

/** Names behind loop variables and behind elements of lists. */
function fieldsOf(variables: readonly Variable[], globals: Readonly<Record<string, Variable[]>>): string[] {
  const names = variables.flatMap(({ segments }) => {
    const [root, second, third] = segments;
    if (typeof root !== 'string') return [];
    const own = root === 'items' || !(root in globals) ? [second, third] : [];
    return own.filter((segment) => typeof segment === 'string');
  });
  return [...new Set(names)];
}

function problemOf(error: unknown): ReadProblem {
  const { message, line, col } = readError(error);
  const plain = message.replace(/, line:\d+, col:\d+$/, '').replace(/\s+/g, ' ');
  const place = line === undefined ? {} : { line, column: col ?? 1 };
  if (/not closed/.test(plain)) {
    return { code: 'unclosed', ...place, message: `${short(plain)}: close it` };
  }
  const filter = /^undefined filter: (.*)$/.exec(plain)?.[1];
  if (filter !== undefined) {
    const why = /escape/.test(filter) ? '; values are escaped without it' : '';
    const message = `there is no filter "${short(filter)}" here${why}; there are ${allowedFilters.join(', ')}`;
    return { code: 'unknown_filter', ...place, message };
  }
  const tag = /^tag "(.*)" not found$/.exec(plain)?.[1];
  if (tag !== undefined) {
    if (tag.startsWith('end') || tag === 'else' || tag === 'elsif' || tag === 'when') {
      return { code: 'unopened', ...place, message: `{% ${short(tag)} %} closes nothing that is open` };
    }
    const message = `there is no tag "${short(tag)}" here; there are ${allowedTags.join(', ')}`;
    return { code: 'unknown_tag', ...place, message };
  }
  const why = /call stack/.test(plain)
    ? 'it is nested too deep; nest fewer conditions and loops'
    : short(plain);
  return { code: 'invalid_syntax', ...place, message: `cannot be read as Liquid: ${why}` };
}

function readError(error: unknown): { message: string; line?: number; col?: number } {
  if (!(error instanceof Error)) return { message: 'unknown reason' };
  const token = (error as Partial<TokenizationError>).token;
  const [line, col] = token?.getPosition() ?? [];
  return { message: error.message, ...(line !== undefined && { line }), ...(col !== undefined && { col }) };
}

const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
