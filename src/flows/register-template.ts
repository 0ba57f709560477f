import { z } from 'zod';
import { insertTemplateVersion, type TemplateVersion } from '../database/template-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, type InputProblem } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { contentHash } from '../strategies/content-hash.js';
import { type Examined, examineTemplate } from '../strategies/templates/examine-template.js';
import type { Finding } from '../strategies/templates/finding.js';
import { lintMjml } from '../strategies/templates/lint-mjml.js';
import { parseTemplate, templateSchema } from '../strategies/templates/parse-template.js';
import type { TemplateDefinition } from '../strategies/templates/template.js';
import { compileMjml } from './compile-mjml.js';
import type { Context } from './context.js';
import { withinBudget } from './within-budget.js';

export const registerTemplateSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,127}$/,
      'use 1 to 128 of a-z, 0-9, dot, - and _, starting with a letter or digit',
    ),
  definition: templateSchema,
});

/** The outside only; the definition has a reader of its own. */
const outerSchema = registerTemplateSchema.extend({ definition: z.unknown() });

export interface RegisteredTemplate {
  readonly version: TemplateVersion;
  /** Warnings: what somebody should look at. */
  readonly findings: readonly Finding[];
}

/**
 * Checks a template and stores it as the next version of its name. The same content again is the version that is there
 * already.
 *
 * @throws bad_input `invalid_template` with everything that is wrong, line and column in the message.
 */
export async function registerTemplate(ctx: Context, input: unknown): Promise<RegisteredTemplate> {
  const outer = readWith(outerSchema, input);
  if (!outer.ok) throw invalid(outer.problems);
  const parsed = parseTemplate(outer.value.definition);
  if (!parsed.ok) throw invalid(parsed.problems.map((one) => ({ ...one, path: inDefinition(one.path) })));
  const definition = parsed.value;
  const { compiled, findings } = await examine(definition);
  if (!compiled) {
    throw invalid(findings.filter(({ severity }) => severity === 'error').map(asProblem));
  }
  const made = { name: outer.value.name, hash: contentHash(definition), definition, compiled };
  const now = ctx.clock();
  const version = await inTransaction(ctx.db, (trx) => insertTemplateVersion(trx, made, now));
  return { version, findings };
}

/** Everything that there is to say about a template, and what is rendered of it where nothing forbids that. */
export async function examine(definition: TemplateDefinition): Promise<Examined> {
  const { mjml } = definition;
  if (mjml === undefined) return examineInTime(definition, definition.html ?? '');
  const forbidden = lintMjml(mjml);
  if (forbidden.length > 0) return { findings: forbidden };
  const compiled = await compileMjml(mjml);
  if ('findings' in compiled) return { findings: compiled.findings };
  return examineInTime(definition, compiled.html);
}

/** What reading and checking a template may take. */
const examineBudgetMs = 1_000;

function examineInTime(definition: TemplateDefinition, html: string): Examined {
  let examined: Examined | undefined;
  withinBudget(
    1,
    examineBudgetMs,
    () => (examined = examineTemplate(definition, html)),
    () => undefined,
  );
  const message = 'takes too long to read; make it smaller and simpler';
  return examined ?? { findings: [{ severity: 'error', code: 'too_slow', part: 'html', message }] };
}

function asProblem({ part, line, column, message }: Finding): InputProblem {
  const place = line === undefined ? '' : `line ${line}, column ${column ?? 1}: `;
  return { path: inDefinition(part), message: `${place}${message}` };
}

function inDefinition(path: string): string {
  return path === '' ? 'definition' : `definition.${path}`;
}

function invalid(problems: readonly InputProblem[]) {
  return badInput('invalid_template', 'This template cannot be used as it is.', problems.slice(0, 50));
}
