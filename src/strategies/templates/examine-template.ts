import { checkUses } from './check-uses.js';
import { withCommentConditionals } from './comment-conditionals.js';
import type { Mode, Read } from './engine.js';
import { engines } from './engines.js';
import type { Finding } from './finding.js';
import { lintHtml } from './lint-html.js';
import { lintLeftovers } from './lint-leftovers.js';
import { plainTextOf } from './plain-text.js';
import type { CompiledTemplate, TemplateDefinition } from './template.js';

export interface Examined {
  /** Errors first, then by part and place. With any error the template is not taken. */
  readonly findings: readonly Finding[];
  /** Undefined where there are errors. */
  readonly compiled?: CompiledTemplate;
}

/** A part by itself. */
interface ReadPart {
  readonly read?: Read;
  readonly findings: readonly Finding[];
}

/**
 * Reads every part, checks the names in it and looks for what would embarrass its sender. `html`: the HTML part, which is
 * what MJML was compiled to. Reading may run long on hostile sources: guard it with a timer.
 */
export function examineTemplate(definition: TemplateDefinition, html: string): Examined {
  const { engine, subject, mjml, text } = definition;
  const source = { subject, html: withCommentConditionals(html, engine), text: text ?? null };
  const parts: ReadPart[] = [
    readPart(definition, 'subject', subject, 'text'),
    readPart(definition, 'html', source.html, 'html'),
    ...(text === undefined ? [] : [readPart(definition, 'text', text, 'text')]),
  ];
  const found: Finding[] = parts.flatMap(({ findings }) => findings);
  // Places in the MJML as it was written say more than those in what it became.
  const written =
    mjml === undefined
      ? undefined
      : readPart(definition, 'mjml', withCommentConditionals(mjml, engine), 'html');
  const findings = written
    ? [...found.filter(({ part }) => part !== 'html' || written.findings.length === 0), ...written.findings]
    : found;
  findings.push(...lintHtml(source.html, 'html'));
  if (text === undefined) findings.push(noText);
  findings.push(...unusedTokens(definition, parts));
  const ordered = [...findings].sort(byWeight).slice(0, mostFindings);
  if (findings.some(({ severity }) => severity === 'error')) return { findings: ordered };
  return {
    findings: ordered,
    compiled: { ...source, text: source.text ?? derivedText(definition, source.html) },
  };
}

const mostFindings = 200;

const noText: Finding = {
  severity: 'warning',
  code: 'no_text',
  part: 'text',
  message: 'there is no plain text part; it is made from the HTML, and written by hand it reads better',
};

function readPart(definition: TemplateDefinition, part: string, source: string, mode: Mode): ReadPart {
  const leftovers = lintLeftovers(source, part, definition.engine);
  const read = engines[definition.engine].read(source, mode);
  if ('problems' in read) {
    // A quote of the wrong kind is why the tag cannot be read; said once, with its remedy.
    const said = new Set(leftovers.map(({ line }) => line));
    const problems = read.problems.filter(({ line }) => line === undefined || !said.has(line));
    return {
      findings: [...leftovers, ...problems.map((one): Finding => ({ severity: 'error', part, ...one }))],
    };
  }
  return {
    read,
    findings: [...leftovers, ...checkUses(read.uses, definition.tokens, part), ...mayBeMissing(read, part)],
  };
}

/** The catalogue need not know everything of an item. */
function mayBeMissing(read: Read, part: string): Finding[] {
  return read.uses
    .filter(({ path, bare }) => path[0] === 'items' && path.length > 1 && bare)
    .map(({ line, column }) => ({
      severity: 'warning',
      code: 'may_be_missing',
      part,
      line,
      column,
      message: 'there may be no such item; loop over items, or ask with a condition',
    }));
}

function unusedTokens({ tokens }: TemplateDefinition, parts: readonly ReadPart[]): Finding[] {
  if (parts.some(({ read }) => read === undefined)) return [];
  const used = new Set(parts.flatMap(({ read }) => (read?.uses ?? []).map(({ path }) => path.join('.'))));
  return Object.keys(tokens)
    .filter((name) => !used.has(name))
    .map((name) => ({
      severity: 'warning',
      code: 'unused_token',
      part: `tokens.${name}`,
      message: 'is declared and never used; remove it, or use it',
    }));
}

/**
 * The text part as a template, made from the HTML template once, which is a hundred times as fast as from each message. Not
 * possible where making it loses a tag, or where a slot holds HTML.
 */
function derivedText(definition: TemplateDefinition, html: string): string | null {
  const before = engines[definition.engine].read(html, 'html');
  if ('problems' in before || before.uses.some(({ raw }) => raw)) return null;
  const text = plainTextOf(html);
  const after = engines[definition.engine].read(text, 'text');
  if ('problems' in after || checkUses(after.uses, definition.tokens, 'text').length > 0) return null;
  const tags = (source: string): number => source.match(/\{%|\{\{~?[#/]|\{\{~?else/g)?.length ?? 0;
  return tags(text) === tags(html) ? text : null;
}

function byWeight(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  if (a.part !== b.part) return a.part < b.part ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
