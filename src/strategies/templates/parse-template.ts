import { z } from 'zod';
import { type Parsed, type Problem, readWith } from '../../experiments/read-with.js';
import { isBlank } from '../../experiments/slots.js';
import { text } from '../../experiments/text.js';
import {
  engineNames,
  isReserved,
  longestSource,
  longestSubject,
  roots,
  type TemplateDefinition,
} from './template.js';

const mostTokens = 200;
const mostProfiles = 12;
const mostTraits = 100;

const value = z.union([text(1_000), z.number(), z.boolean()], 'must be a text, a number, or true or false');

const token = z.strictObject(
  {
    default: value.optional().describe('Stands in where the value is missing or blank.'),
    sample: value.optional().describe('What the rich sample profile has.'),
    description: text(500).optional(),
  },
  'must be an object such as {"default": "there", "sample": "Ada"}',
);

const source = (name: string) =>
  text(longestSource).refine((written) => !isBlank(written), { message: `is blank; write the ${name}` });

const profile = z.strictObject({
  title: text(100).optional(),
  traits: z
    .record(z.string().max(200), z.union([value, z.null()]))
    .refine((traits) => Object.keys(traits).length <= mostTraits, {
      message: `must have at most ${mostTraits} traits`,
    }),
});

/** A template as it is sent in. */
export const templateSchema = z
  .strictObject(
    {
      engine: z.enum(engineNames, `must be ${engineNames.map((name) => `"${name}"`).join(' or ')}`),
      subject: text(longestSubject).refine((written) => !isBlank(written), {
        message: 'is blank; write a subject, such as {{ slots.subject }}',
      }),
      html: source('HTML').optional().describe('The HTML part, a whole document.'),
      mjml: source('MJML').optional().describe('Instead of `html`; compiled once, when the version is made.'),
      text: source('plain text').optional().describe('The plain text part; made from the HTML without it.'),
      tokens: z
        .record(z.string().max(80), token)
        .default({})
        .describe('Every trait and constant that the template uses, by name: user.first_name, shop_name.'),
      profiles: z
        .record(z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short name such as vip'), profile)
        .optional()
        .describe('Recipients to look at the template with, besides rich, sparse, empty and hostile ones.'),
      linksMayDiffer: z
        .boolean()
        .optional()
        .describe('Arms with this template may lead to other addresses than the rest.'),
    },
    'must be an object with engine, subject, html or mjml, and tokens',
  )
  .describe('A template: its parts and the tokens that they use.');

/** The shape of a template; what stands inside its parts is for `examineTemplate`. */
export function parseTemplate(input: unknown): Parsed<TemplateDefinition> {
  const parsed = readWith(templateSchema, input);
  if (!parsed.ok) return parsed;
  const definition = parsed.value;
  const problems = [...partProblems(definition), ...tokenProblems(definition)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: definition };
}

function partProblems({ html, mjml, profiles }: TemplateDefinition): Problem[] {
  const problems: Problem[] = [];
  if ((html === undefined) === (mjml === undefined)) {
    const message = html === undefined ? 'give html or mjml' : 'give html or mjml, not both';
    problems.push({ path: 'html', message });
  }
  if (Object.keys(profiles ?? {}).length > mostProfiles) {
    problems.push({ path: 'profiles', message: `has more than ${mostProfiles} profiles; remove some` });
  }
  return problems;
}

function tokenProblems({ tokens }: TemplateDefinition): Problem[] {
  const names = Object.keys(tokens);
  if (names.length > mostTokens) {
    return [{ path: 'tokens', message: `has more than ${mostTokens} tokens; remove some` }];
  }
  return names.flatMap((name): Problem[] => {
    const path = `tokens[${JSON.stringify(name)}]`;
    const match = /^(?:(user|slots)\.)?([A-Za-z][A-Za-z0-9_-]{0,63})$/.exec(name);
    if (!match || isReserved(match[2] ?? '')) {
      const message =
        'must be a name such as user.first_name (a trait), slots.offer (a slot) or shop_name (a constant)';
      return [{ path, message }];
    }
    const isConstant = match[1] === undefined;
    if (isConstant && (roots.includes(name) || words.has(name))) {
      return [{ path, message: `"${name}" means something else in templates; choose another name` }];
    }
    if (isConstant && tokens[name]?.default === undefined) {
      return [{ path, message: 'a constant is its default; give one, or name a trait as user.…' }];
    }
    return [];
  });
}

/** Words of the languages. */
const words = new Set([
  'forloop',
  'this',
  'root',
  'true',
  'false',
  'nil',
  'null',
  'empty',
  'blank',
  'if',
  'unless',
  'each',
  'else',
  'and',
  'or',
  'contains',
  'undefined',
]);
