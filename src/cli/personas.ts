import { findPersonas, fitPersonas, type PersonaVersion } from '../flows/fit-personas.js';
import type { PersonaTree } from '../profiles/personas/persona.js';
import { textTable, wrap } from '../reports/text-table.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate personas: clusters of recipients who are alike, and how to tell them apart.

  postulate personas fit NAME --features frequency:log,recency_days --personas 4
  postulate personas show NAME

  --features LIST   what people are told apart by, with commas; :log for what a few have very much of
                    (recency_days:log,frequency:log,tenure_days,engagement_score:log)
  --personas COUNT  how many, 2 to 12 (as many as tell people apart best)
  --seed TEXT       another one tries other starts (postulate)
  --json            as JSON

fit stores the next version of the name; the same people, features and seed give the same personas.

Exit code: 0 done, 1 there are too few people or all are the same, 2 wrong usage.
`;

const one = { type: 'string' } as const;
const options = {
  features: one,
  personas: one,
  seed: one,
  json: { type: 'boolean' },
} as const;

export const personas = defineCommand({
  name: 'personas',
  summary: 'cluster recipients into personas',
  help,
  options,
  async run({ values, positionals }, io) {
    const [verb, name, ...more] = positionals;
    if ((verb !== 'fit' && verb !== 'show') || name === undefined || more.length > 0) {
      throw new UsageError('Say what to do: fit NAME or show NAME.');
    }
    const request = {
      ...(values.features !== undefined && { features: featuresOf(values.features) }),
      ...(values.personas !== undefined && { personas: Number(values.personas) }),
      ...(values.seed !== undefined && { seed: values.seed }),
    };
    const version = await withService(io, (ctx) =>
      verb === 'fit' ? fitPersonas(ctx, name, request) : findPersonas(ctx, name),
    );
    io.stdout.write(
      values.json === true ? `${JSON.stringify(version, null, 2)}\n` : `${linesOf(version).join('\n')}\n`,
    );
    return 0;
  },
});

/** Commas inside parentheses belong to the name of a feature. */
function featuresOf(text: string): object[] {
  return text.split(/,(?![^(]*\))/).map((part) => {
    const [feature = '', scale] = part.trim().split(':');
    return { feature, ...(scale !== undefined && { scale }) };
  });
}

function linesOf({ name, version, clock, model }: PersonaVersion): string[] {
  return [
    `${name}@${version}: ${model.personas.length} personas of ${model.people} people as of ${clock}`,
    ...(model.leftOut > 0 ? [`left out: ${model.leftOut} of whom a feature is not known`] : []),
    '',
    ...textTable(
      [
        { title: 'Persona', align: 'left' },
        { title: 'People', align: 'right' },
        { title: 'Title', align: 'left', most: 70 },
      ],
      model.personas.map(({ id, size, title }) => [id, String(size), title]),
    ),
    '',
    ...model.personas.flatMap(({ id, description }) => wrap(`${id}: ${description}`, 100)),
    '',
    `The tree agrees with the clusters on ${(100 * model.agreement).toFixed(1)} % of the people:`,
    ...treeLines(model.tree, '  '),
    '',
    ...model.silhouettes.map((tried) => `silhouette of ${tried.personas}: ${tried.silhouette.toFixed(3)}`),
  ];
}

function treeLines(tree: PersonaTree, indent: string): string[] {
  if ('persona' in tree) return [`${indent}${tree.persona}`];
  const split = String(Number(tree.split.toPrecision(4)));
  return [
    `${indent}${tree.feature} below ${split}:`,
    ...treeLines(tree.below, `${indent}  `),
    `${indent}otherwise:`,
    ...treeLines(tree.above, `${indent}  `),
  ];
}
