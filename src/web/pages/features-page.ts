import { type FeatureList, listFeatures } from '../../flows/list-features.js';
import { askerView } from '../asker-view.js';
import { shownText } from '../shown-text.js';
import { type Page, type PageCall, render } from './page.js';

type Known = FeatureList['known'][number];
type InUse = FeatureList['inUse'][number];
type EventCondition = FeatureList['eventConditions'][number];

async function show(call: PageCall): Promise<void> {
  const { known, inUse, eventConditions } = await listFeatures(call.web.ctx);
  await render(call, 'features', {
    title: 'Features',
    nav: 'strategies',
    ...{ known: known.map(shownKnown), inUse: inUse.map(shownInUse) },
    ...{ conditions: eventConditions.map(shownCondition) },
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
    askedBy: askedBy.map(askerView),
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

function shownCondition({ says, event, classes, properties, askedBy }: EventCondition) {
  return {
    ...{ says: shownText(says, 400), event, properties: shownText(properties.join(', '), 300) },
    classes: classes?.join(', ').replaceAll('_', ' '),
    askedBy: askedBy.map(askerView),
  };
}

export const featuresPage: Page = { method: 'get', path: '/features', scopes: ['analyst'], handle: show };
