import { covered } from './html-scan.js';
import { type Finding, placesIn } from './finding.js';
import type { EngineName } from './template.js';

interface Shape {
  readonly code: string;
  readonly severity: Finding['severity'];
  readonly pattern: RegExp;
  readonly message: (found: string) => string;
}

const token = (found: string): string =>
  `${found} is a placeholder that nobody fills: write it as a token, as in {{ user.first_name }}, or as text`;

/** What other systems fill in and what writers leave behind. None of it means anything here. */
const shapes: readonly Shape[] = [
  {
    code: 'ampscript',
    severity: 'error',
    pattern: /%%\[[^]*?\]%%|%%=[^]*?=%%|<script[^>]*ampscript[^>]*>[^]*?<\/script>/gi,
    message: (found) => {
      const names = [
        ...new Set(found.match(/\b(?:IF|ELSEIF|ELSE|ENDIF|FOR|NEXT|SET|VAR)\b|\b[A-Za-z]+(?=\s*\()/gi) ?? []),
      ];
      const list = names.length > 0 ? ` (here ${names.slice(0, 12).join(', ')})` : '';
      return `AMPscript is not run${list}: write conditions as blocks of the template and values as tokens`;
    },
  },
  { code: 'foreign_placeholder', severity: 'error', pattern: /%%[A-Za-z_][\w .]*%%/g, message: token },
  { code: 'foreign_placeholder', severity: 'error', pattern: /\*\|[^|\n]{1,80}\|\*/g, message: token },
  { code: 'foreign_placeholder', severity: 'error', pattern: /<%[=-]?[^]{0,200}?%>/g, message: token },
  { code: 'foreign_placeholder', severity: 'error', pattern: /\[\[\s*[\w.]+\s*\]\]/g, message: token },
  { code: 'foreign_placeholder', severity: 'error', pattern: /\$\{[^}\n]{1,80}\}/g, message: token },
  // Escapes of addresses have the same signs: %C3%A9.
  {
    code: 'foreign_placeholder',
    severity: 'error',
    pattern: /%(?![0-9a-f]{2})[a-z_][\w.]{2,60}%/gi,
    message: token,
  },
  {
    code: 'leftover',
    severity: 'error',
    pattern: /(?<![{$])\{\s?[A-Za-z_][\w.-]*(?: [\w.-]+){0,4}\s?\}(?!\})/g,
    message: token,
  },
  { code: 'leftover', severity: 'warning', pattern: /\[[A-Z][A-Z0-9]*(?:[ _][A-Z0-9]+)+\]/g, message: token },
];

/** Placeholders that would reach the reader as they stand, and typographic quotes inside tags. */
export function lintLeftovers(source: string, part: string, engine: EngineName): Finding[] {
  const place = placesIn(source);
  const plain = withoutStyles(covered(source));
  const findings: Finding[] = [];
  const taken = new Set<number>();
  for (const { code, severity, pattern, message } of shapes) {
    for (const match of plain.matchAll(pattern)) {
      if (taken.has(match.index)) continue;
      taken.add(match.index);
      findings.push({ severity, code, part, ...place(match.index), message: message(short(match[0], code)) });
    }
  }
  const other = engine === 'handlebars' ? /\{%[^]*?%\}/g : /\{\{~?[#/][^]*?\}\}/g;
  for (const match of source.matchAll(other)) {
    const message = `${short(match[0])} is not written in ${engine === 'liquid' ? 'Liquid' : 'Handlebars'}`;
    findings.push({ severity: 'error', code: 'foreign_tag', part, ...place(match.index), message });
  }
  return [...findings, ...typographicQuotes(source, part, place)];
}

function typographicQuotes(source: string, part: string, place: ReturnType<typeof placesIn>): Finding[] {
  const findings: Finding[] = [];
  for (const tag of source.matchAll(
    /\{\{[^]*?\}\}|\{%[^]*?%\}|<!--\s*(?:IF|ELSE|ENDIF)[^]*?-->|<[a-z][^<>]*>/gi,
  )) {
    // Inside straight quotes they are text, such as an alternative text.
    const bare = tag[0].replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
    const at = bare.search(/[\u201c-\u201f\u2018-\u201b\u00ab\u00bb\u2032\u2033]/);
    if (at < 0) continue;
    const message = `${tag[0].charAt(at)} stands inside a tag: write straight quotes, " or '`;
    findings.push({ severity: 'error', code: 'typographic_quote', part, ...place(tag.index + at), message });
  }
  return findings;
}

/** Rules of style sheets stand in braces too. */
function withoutStyles(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  return source.replace(/<style\b[^]*?(?:<\/style>|$)|<mj-style\b[^]*?(?:<\/mj-style>|$)/gi, blank);
}

function short(text: string, code = ''): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 && code !== 'ampscript' ? `${line.slice(0, 59)}…` : line;
}
