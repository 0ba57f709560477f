import { type Audience, readAudience, type Tally } from '../../flows/load-audience.js';
import { listPersonas, type PersonaVersion } from '../../flows/fit-personas.js';
import type { PersonaTree } from '../../profiles/personas/persona.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { render, type Page } from './page.js';

export const audiencePage: Page = {
  method: 'get',
  path: '/audience',
  scopes: ['analyst'],
  async handle(call) {
    const { currency } = call.request.query;
    const asked = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined;
    const audience = await readAudience(call.web.ctx, asked);
    const personas = (await listPersonas(call.web.ctx)).map(personasView);
    await render(call, 'audience', {
      title: 'Audience',
      nav: 'segments',
      ...{ view: audienceView(audience), personas },
    });
  },
};

const stageWords: Readonly<Record<string, string>> = {
  prospect: 'never bought',
  new: 'first purchase within 30 days',
  loyal: 'active, with 5 orders or more',
  active: 'last purchase within 90 days',
  at_risk: 'last purchase 90 to 180 days ago',
  lapsed: 'last purchase 180 days to a year ago',
  churned: 'last purchase a year ago or longer',
};
const tierWords: Readonly<Record<string, string>> = {
  high: 'opened more than 75 % of their recent mails',
  medium: 'opened 25 % to 75 %',
  low: 'opened less than 25 %',
  unknown: 'fewer than 4 recent mails',
};
const bandWords: Readonly<Record<string, string>> = {
  '0': 'nothing to learn from',
  '1-4': 'hardly anything',
  '5-19': 'something',
  '20+': 'plenty',
};

function audienceView({ clock, people, sample, currency, stages, tiers, sparsity, rfm }: Audience) {
  const rows = (list: readonly Tally[], words: Readonly<Record<string, string>>) =>
    list.map(({ value, people: n }) => ({
      name: value.replaceAll('_', ' '),
      words: words[value] ?? '',
      people: count(n),
      share: percent(n, people),
      width: people === 0 ? 0 : Math.round((1_000 * n) / people) / 10,
    }));
  const most = Math.max(1, ...rfm.cells.flat().map(({ n }) => n));
  return {
    clock: { iso: clock, text: `${shownTime(new Date(clock))} UTC` },
    people: count(people),
    none: people === 0,
    sample,
    currency,
    lists: [
      { id: 'stages', title: 'Lifecycle stages', lead: 'By purchases; everybody is in exactly one.', rows: rows(stages, stageWords) },
      { id: 'tiers', title: 'Engagement tiers', lead: 'By the share of the last 20 mails of 180 days that a human opened or clicked in; what machines open does not count.', rows: rows(tiers, tierWords) },
      { id: 'bands', title: 'Interactions so far', lead: 'How much there is to learn from.', rows: rows(sparsity, bandWords) },
    ],
    rfm: {
      never: count(rfm.never),
      buyers: count(rfm.audience - rfm.never),
      rows: rfm.cells.map((cells) => ({
        recency: cells[0]?.recency ?? 0,
        cells: cells.map(({ n, monetary }) => ({
          n: count(n),
          monetary: n === 0 ? '' : monetary.toFixed(1),
          shade: Math.ceil((5 * n) / most),
        })),
      })),
    },
  }; // prettier-ignore
}

function personasView({ name, version, clock, model }: PersonaVersion) {
  return {
    name,
    version,
    clock: { iso: clock, text: shownTime(new Date(clock)) },
    people: count(model.people),
    leftOut: model.leftOut === 0 ? '' : count(model.leftOut),
    agreement: percent(Math.round(model.agreement * 10_000), 10_000),
    features: model.request.features.map(({ feature }) => feature),
    rows: model.personas.map(({ id, title, description, size, centre }) => ({
      id,
      title: shownText(title, 120),
      description: shownText(description, 2_000),
      size: count(size),
      share: percent(size, model.people),
      centre: model.request.features.map(({ feature }) =>
        String(Number((centre[feature] ?? 0).toPrecision(3))),
      ),
    })),
    tree: treeLines(model.tree, new Map(model.personas.map(({ id, title }) => [id, title])), 0),
  };
}

/** The tree as an indented list: what is asked, and where it leads. */
function treeLines(
  tree: PersonaTree,
  titles: ReadonlyMap<string, string>,
  depth: number,
): { depth: number; text: string }[] {
  if ('persona' in tree)
    return [{ depth, text: `→ ${shownText(titles.get(tree.persona) ?? tree.persona, 120)}` }];
  const split = String(Number(tree.split.toPrecision(4)));
  return [
    { depth, text: `${tree.feature} below ${split}` },
    ...treeLines(tree.below, titles, depth + 1),
    { depth, text: `${tree.feature} ${split} or more` },
    ...treeLines(tree.above, titles, depth + 1),
  ];
}

function count(n: number): string {
  return n.toLocaleString('en');
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
