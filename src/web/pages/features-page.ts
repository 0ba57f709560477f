import { type FeatureList, listFeatures } from '../../flows/list-features.js';
import { shownText } from '../shown-text.js';
import { type Page, type PageCall, render } from './page.js';

type Known = FeatureList['known'][number];
type InUse = FeatureList['inUse'][number];
type Asker = InUse['askedBy'][number];

async function show(call: PageCall): Promise<void> {
  const { known, inUse } = await listFeatures(call.web.ctx);
  await render(call, 'features', {
    title: 'Features',
    nav: 'strategies',
    ...{ known: known.map(shownKnown), inUse: inUse.map(shownInUse) },
  });
}

function shownKnown({ pattern, examples, title, meaning, window, values, readers, ...feature }: Known) {
  return {
    ...{ pattern, title, meaning, window, readers: readers.join(', ') },
    type: typeOf(feature),
    examples: examples.filter((name) => name !== pattern),
    values: values?.join(', '),
    from: madeOf(feature),
  };
}

function shownInUse({ name, title, windowDays, askedBy, ...feature }: InUse) {
  const days =
    windowDays === null ? 'all that is known' : `${windowDays} ${windowDays === 1 ? 'day' : 'days'}`;
  return {
    ...{ name: shownText(name, 300), title: shownText(title, 400), type: typeOf(feature) },
    from: madeOf(feature),
    window: feature.source === 'trait' ? 'as it was said last' : days,
    askedBy: askedBy.map(shownAsker),
  };
}

/** Of more kinds than these it is a family, which may name any. */
const mostKinds = 10;

function madeOf({ source, events }: Pick<Known, 'source' | 'events'>): string {
  if (source === 'trait') return 'a trait';
  return events.length > mostKinds ? 'any kind of event' : events.join(', ');
}

function typeOf({ type, unit }: Pick<Known, 'type' | 'unit'>): string {
  return type === 'number' && unit !== null ? `number, ${unit}` : type;
}

function shownAsker(asker: Asker) {
  const { name, version, purpose, through } = asker;
  return {
    ...{ reference: `${name}@${version}`, through: through.join(', ') },
    ...(purpose !== undefined && { purpose: shownText(purpose, 200) }),
    ...(asker.what === 'segment'
      ? { href: `/segments/${name}`, what: 'segment', title: shownText(asker.title) }
      : {
          href: `/strategies/${name}?version=${version}`,
          what: [asker.kind, ...standing(asker)].join(', '),
          liveIn: asker.liveIn,
          ...(asker.owner !== undefined && { owner: shownText(asker.owner) }),
        }),
  };
}

function standing({ active, newest }: { readonly active: boolean; readonly newest: boolean }): string[] {
  return [...(active ? ['active'] : []), ...(newest ? ['newest'] : [])];
}

export const featuresPage: Page = { method: 'get', path: '/features', scopes: ['analyst'], handle: show };
