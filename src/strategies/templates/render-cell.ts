import type { ShownItem } from './context.js';
import type { Finding } from './finding.js';
import { tagsIn, unbalancedTag } from './html-scan.js';
import { markModules, type Module, shownModules } from './modules.js';
import { type Message, prepareTemplate, type PreparedTemplate, Unfit } from './prepare-template.js';
import { payload, type Sample } from './sample-profiles.js';
import { cutOffBytes, type Template } from './template.js';
import type { Slots } from '../../experiments/experiment.js';

/** A template that is ready to be looked at. */
export interface Viewed {
  readonly prepared: PreparedTemplate;
  readonly marked: PreparedTemplate;
  readonly modules: readonly Module[];
}

/** What one sample recipient would get, and what is wrong with it. */
export interface Rendering {
  readonly message?: Message;
  readonly bytes: number;
  /** Whether each module is shown. */
  readonly shown: readonly boolean[];
  readonly findings: readonly Finding[];
}

export function prepareView(template: Template): Viewed {
  const { modules, source } = markModules(template.compiled.html, template.engine);
  const compiled = { ...template.compiled, html: source };
  return { prepared: prepareTemplate(template), marked: prepareTemplate({ ...template, compiled }), modules };
}

/** Renders for a sample recipient and looks at what came out. Guard it with a timer. */
export function renderCell(
  { prepared, marked, modules }: Viewed,
  sample: Sample,
  { slots, items }: { readonly slots: Slots; readonly items: readonly ShownItem[] },
): Rendering {
  const input = { slots, traits: sample.traits, items, messageId: 'm_sample' };
  let message: Message;
  try {
    message = prepared.render(input);
  } catch (error) {
    return { bytes: 0, shown: modules.map(() => false), findings: [failed(error)] };
  }
  const branches = shownModules(marked.render(input).html);
  const bytes = Buffer.byteLength(message.html);
  const blank = branches.filter(({ module, html }) => modules[module]?.prints === true && isBlankBlock(html));
  const findings = [
    ...blank.map(({ module }) => blankBlock(modules[module])),
    ...(sample.hostile ? intruders(message) : leftovers(message)),
    ...layout(message.html),
    ...(bytes > cutOffBytes ? [tooLarge(bytes)] : []),
  ];
  const seen = new Set(branches.map(({ module }) => module));
  return { message, bytes, shown: modules.map((_, i) => seen.has(i)), findings };
}

/** Why the engine, or what looks at its work, gave nothing to send; no value of a recipient stands in it. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  if (!(error instanceof Error)) return 'the template failed';
  const missing = /undefined variable: ([\w.]+)/.exec(error.message)?.[1];
  if (missing !== undefined) return `${missing} is missing`;
  if (/limit exceeded/.test(error.message)) return 'the template takes too long or too much memory';
  return `the template failed with ${error.name}`;
}

function failed(error: unknown): Finding {
  const message = `${reasonOf(error)}; the fallback would go out`;
  return { severity: 'error', code: 'not_rendered', part: 'message', message };
}

function blankBlock(module: Module | undefined): Finding {
  const message = `the block "${module?.label ?? ''}" is shown and blank; give its values defaults, or ask for them in its condition`;
  return {
    severity: 'error',
    code: 'blank_block',
    part: 'html',
    line: module?.line ?? 1,
    column: 1,
    message,
  };
}

/** Of whole elements, with neither words nor pictures in them. */
function isBlankBlock(html: string): boolean {
  const tags = tagsIn(html);
  if (unbalancedTag(tags) || tags.some(({ name }) => name === 'img')) return false;
  return (
    html
      .replace(/<[^>]*>/g, '')
      .replace(/&nbsp;|&#\d+;/g, ' ')
      .trim() === ''
  );
}

function leftovers({ subject, html, text }: Message): Finding[] {
  const shapes = /\{\{|\}\}|\{%|%\}|\{[A-Za-z_][\w.-]*\}|\[object Object\]/;
  const parts: [string, string][] = [
    ['subject', subject],
    ['html', html.replace(/<style\b[^]*?<\/style>|<!--[^]*?-->/gi, '')],
    ['text', text],
  ];
  return parts.flatMap(([part, rendered]): Finding[] => {
    const found = shapes.exec(rendered)?.[0];
    if (found === undefined) return [];
    const message = `${found.slice(0, 60)} is left in the finished message; it may stand in a slot: fill it in or remove it`;
    return [{ severity: 'error', code: 'leftover', part, message }];
  });
}

function intruders({ subject, html }: Message): Finding[] {
  const findings: Finding[] = [];
  if (
    html.includes(payload) ||
    tagsIn(html).some(({ attributes }) => attributes.some(({ name }) => name === 'onmouseover'))
  ) {
    const message =
      'a value of a recipient became markup; print it outside of styles, and in attributes between quotes';
    findings.push({ severity: 'error', code: 'markup_from_data', part: 'html', message });
  }
  if (/[\r\n]/.test(subject)) {
    findings.push({
      severity: 'error',
      code: 'header_from_data',
      part: 'subject',
      message: 'a value breaks the line of the subject',
    });
  }
  return findings;
}

function layout(html: string): Finding[] {
  const open = unbalancedTag(tagsIn(html));
  if (!open) return [];
  const what = open.closing ? 'closes nothing that is open' : 'is not closed where it should be';
  const message = `<${open.closing ? '/' : ''}${open.name}> ${what} in the finished message; a condition may hold one of the two tags only`;
  return [{ severity: 'error', code: 'broken_layout', part: 'html', message }];
}

function tooLarge(bytes: number): Finding {
  const message = `the finished HTML has ${Math.ceil(bytes / 1000)} KB; mail readers cut messages off at about 100 KB`;
  return { severity: 'error', code: 'too_large', part: 'html', message };
}
