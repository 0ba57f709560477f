import type { Finding } from '../strategies/templates/finding.js';
import type { Module } from '../strategies/templates/modules.js';
import type { Message } from '../strategies/templates/prepare-template.js';
import { shownText } from './shown-text.js';

export interface FindingView {
  readonly severity: string;
  readonly code: string;
  readonly place: string;
  readonly message: string;
}

export function findingViews(findings: readonly Finding[]): FindingView[] {
  return findings.map(({ severity, code, part, line, column, message }) => ({
    severity,
    code: code.replaceAll('_', ' '),
    place: line === undefined ? part : `${part} ${line}:${column ?? 1}`,
    message: shownText(message, 400),
  }));
}

export interface CellView {
  readonly key: string;
  readonly title: string;
  /** `fine`, `3 errors`, `1 warning`. */
  readonly verdict: string;
  readonly state: 'ok' | 'warning' | 'error';
  readonly subject: string | undefined;
  readonly size: string;
  readonly shown: readonly boolean[];
  readonly findings: readonly FindingView[];
}

/** One sample recipient of a matrix. */
export function cellView(cell: {
  readonly sample: { readonly key: string; readonly title: string };
  readonly message?: Message;
  readonly bytes: number;
  readonly shown: readonly boolean[];
  readonly findings: readonly Finding[];
}): CellView {
  const errors = cell.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = cell.findings.length - errors;
  return {
    key: cell.sample.key,
    title: cell.sample.title,
    state: errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'ok',
    verdict: errors > 0 ? counted(errors, 'error') : warnings > 0 ? counted(warnings, 'warning') : 'fine',
    subject: cell.message && shownText(cell.message.subject, 120),
    size: `${(cell.bytes / 1_000).toFixed(1)} KB`,
    shown: cell.shown,
    findings: findingViews(cell.findings),
  };
}

export function counted(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}

/** Which sample recipients are shown each block. */
export function moduleViews(modules: readonly Module[], cells: readonly CellView[]) {
  return modules.map(({ label, line }, i) => ({
    label: shownText(label, 120),
    line,
    shown: cells.map((cell) => cell.shown[i] === true),
  }));
}

/** One message in full. */
export function messageView(message: Message | undefined) {
  if (!message) return undefined;
  return {
    subject: shownText(message.subject, 300),
    text: message.text,
    links: message.links.map((link) => shownText(link, 300)),
  };
}
