import type { OutColumn } from '../files/row-writer.js';

/**
 * What goes in and out in files, column by column: the source of the documentation, of `postulate export --schema` and of
 * the writers. Columns are only ever added within a version; anything else makes a new one.
 */
export const dataSchemaVersion = 1;

/**
 * `text`; `int`: a whole number of 64 bits; `decimal`: a whole number of any size, as text; `real`: a double;
 * `time`: UTC with milliseconds; `day`: a date; `json`: JSON, as text where the format has none; `scalar`: a text, number or
 * boolean as it is written; `amount`: a decimal number in major units.
 */
export type ColumnType =
  'text' | 'int' | 'decimal' | 'real' | 'boolean' | 'time' | 'day' | 'json' | 'scalar' | 'amount';

export interface DataColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether every row has it. */
  readonly required: boolean;
  readonly meaning: string;
}

/** A column on its way out: a writer knows its type. */
export type ExportColumn = DataColumn & OutColumn;

export const importKinds = ['events', 'conversions', 'profiles', 'items'] as const;
export type ImportKind = (typeof importKinds)[number];
export const exportTables = ['assignments', 'events', 'facts', 'cells'] as const;
export type ExportTable = (typeof exportTables)[number];

type Of<T extends ColumnType> = DataColumn & { readonly type: T };
const always = <T extends ColumnType>(name: string, type: T, meaning: string): Of<T> => ({
  name,
  type,
  required: true,
  meaning,
});
const maybe = <T extends ColumnType>(name: string, type: T, meaning: string): Of<T> => ({
  name,
  type,
  required: false,
  meaning,
});

const whoseEvent = [
  maybe(
    'messageId',
    'text',
    'The message, as the assignment answer gave it. Instead of experiment and recipient.',
  ),
  maybe(
    'experiment',
    'text',
    'Key of the experiment, beside `recipient`: the message of this recipient in it.',
  ),
  maybe('wave', 'text', 'Beside experiment and recipient: which of several messages; the first unless said.'),
];
const ofOrder = [
  maybe('value', 'amount', 'Amount in major units, such as 19.99; negative takes money back.'),
  maybe('currency', 'text', 'Three letters, such as EUR. Stands beside every value.'),
  maybe('order', 'text', 'Order id: one order counts once, however often it is reported.'),
  maybe('item', 'text', 'What it was about, as in the catalogue.'),
  maybe('category', 'text', 'Category of the item.'),
  maybe('url', 'text', 'Address that was followed; what follows ? or # is not kept.'),
];
const properties = maybe(
  'properties.NAME',
  'scalar',
  'Anything of your own that filters of metrics may ask for.',
);

export const importColumns: Readonly<Record<ImportKind, readonly DataColumn[]>> = {
  events: [
    always('id', 'text', 'Makes the event known: the same id again is a duplicate and counts once.'),
    always(
      'type',
      'text',
      'What happened: sent, delivered, opened, clicked, converted, view, cart, purchase, …',
    ),
    ...whoseEvent,
    maybe('recipient', 'text', 'Your own id of the recipient: alone, or beside `experiment`.'),
    always('at', 'time', 'When it happened, with seconds and time zone.'),
    maybe('class', 'text', 'Opens and clicks: human, privacy_proxy, scanner or unknown.'),
    ...ofOrder,
    maybe('target', 'text', 'Of a void: id of the event that is taken back.'),
    properties,
  ],
  conversions: [
    maybe('id', 'text', 'As of events; without it `order:` and the order id, where there is one.'),
    maybe('type', 'text', 'converted or purchase; what --type says unless given.'),
    maybe('recipient', 'text', 'Your own id of the recipient; alone it counts in all their experiments.'),
    ...whoseEvent,
    always('at', 'time', 'When it happened, with seconds and time zone.'),
    ...ofOrder,
    properties,
  ],
  profiles: [
    always('recipient', 'text', 'Your own id of the recipient; the one you ask for arms with.'),
    maybe('at', 'time', 'Since when this is so; the time of the import unless given. The later value wins.'),
    maybe('source', 'text', 'Where the values come from, such as crm; what --source says unless given.'),
    maybe('traits.NAME', 'scalar', 'A trait. So is every other column, under its own name.'),
  ],
  items: [
    always('item', 'text', 'Id of the item, as events name it.'),
    maybe('title', 'text', 'What people read.'),
    maybe('category', 'text', 'Category of the item.'),
    maybe('price', 'amount', 'Price in major units, such as 19.99.'),
    maybe('currency', 'text', 'Three letters, such as EUR. Stands beside every price.'),
    maybe('priceTier', 'int', 'Price tier: the higher, the dearer.'),
    maybe('stock', 'int', 'Pieces in stock.'),
    maybe(
      'at',
      'time',
      'Since when this is so; the time of the import unless given. The later row wins as a whole.',
    ),
    maybe('source', 'text', 'Where it comes from; what --source says unless given.'),
    maybe(
      'attributes.NAME',
      'scalar',
      'Anything else about it. So is every other column, under its own name.',
    ),
  ],
};

const enrolled = [
  always('experiment', 'text', 'Key of the experiment.'),
  always('recipient_key', 'text', 'Pseudonym of the recipient, the same in all tables.'),
  always('arm', 'text', 'Key of the arm: its levels joined by `/`.'),
  always('allocation_version', 'int', 'Which split the recipient was drawn by.'),
  always('fold', 'int', '0 to 19, drawn independently of the arm.'),
  always('enrolled_at', 'time', 'When the recipient was drawn and stored.'),
];

export const exportColumns: Readonly<Record<ExportTable, readonly ExportColumn[]>> = {
  assignments: [
    ...enrolled,
    always('levels', 'json', 'Level by factor: `{"subject":"question"}`.'),
    always('cohorts', 'json', 'Cohort values as they were at enrolment: `{"country":"DE"}`.'),
    always(
      'messages',
      'json',
      'Message ids by wave, as they were given out: `{"":"m_…"}`; the first wave is the empty text.',
    ),
    maybe('strategy', 'text', 'Content hash of the strategy version that the arm names.'),
    maybe('delivered', 'text', '`strategy`, or `fallback` where the strategy could not decide.'),
    maybe('fallback_reason', 'text', 'Why it could not.'),
    maybe('content_hash', 'text', 'Hash of the content that was handed out.'),
    maybe('reason', 'text', 'What the strategy gave as its reason.'),
    maybe('probability', 'real', 'With which probability this content was chosen.'),
  ],
  events: [
    always('id', 'text', 'Id of the event.'),
    always('type', 'text', 'What happened, as it was reported; also types that Postulate does not know.'),
    maybe('class', 'text', 'Opens and clicks: who is behind it.'),
    maybe('message_id', 'text', 'The message it is of, as it was given out.'),
    maybe(
      'experiment',
      'text',
      'Key of the experiment of that message; empty while the message is not known.',
    ),
    maybe('wave', 'text', 'Which of several messages; empty text for the first.'),
    maybe('recipient_key', 'text', 'Pseudonym of the recipient; empty while the message is not known.'),
    always('at', 'time', 'When it happened, as its source says.'),
    maybe('value_minor', 'int', 'Amount in minor units of the currency: 1999 is 19.99 EUR.'),
    maybe('currency', 'text', 'Three letters.'),
    maybe('order_id', 'text', 'Order id.'),
    maybe('item', 'text', 'What it was about.'),
    maybe('category', 'text', 'Category of the item.'),
    maybe('url', 'text', 'Address that was followed, without ? and #.'),
    maybe('target', 'text', 'Of a void: id of the event that is taken back.'),
    maybe('properties', 'json', 'Anything else that came with it.'),
    always('source', 'text', 'How it came in: `api`, `import:orders.csv`, …'),
    always('received_at', 'time', 'When it was recorded.'),
  ],
  facts: [
    ...enrolled,
    maybe(
      'sent_at',
      'time',
      'First sent. These times are of the first event of any wave, whatever the windows.',
    ),
    maybe('delivered_at', 'time', 'First delivered; an open or click proves it too.'),
    maybe('opened_at', 'time', 'First opened, by whomever; a click proves it too.'),
    maybe('opened_human_at', 'time', 'First opened by a human.'),
    maybe('clicked_at', 'time', 'First clicked, by whomever.'),
    maybe('clicked_human_at', 'time', 'First clicked by a human.'),
    maybe('converted_at', 'time', 'First conversion or purchase that was not cancelled.'),
    maybe('unsubscribed_at', 'time', 'First unsubscribed.'),
    maybe('complained_at', 'time', 'First complained.'),
    maybe('bounced_at', 'time', 'First bounced.'),
    always(
      'y',
      'json',
      'Outcome by metric, a whole number before any cap (money in minor units): `{"clicked":1}`.',
    ),
    always('d', 'json', 'Denominator by metric, of metrics that have one.'),
    always('x', 'json', 'Covariate by metric, of metrics that have one.'),
  ],
  cells: [
    always('experiment', 'text', 'Key of the experiment.'),
    always('metric', 'text', 'Key of the metric; `@sent`, `@delivered`, … are the stations of the funnel.'),
    always('arm', 'text', 'Key of the arm: its levels joined by `/`.'),
    always('allocation_version', 'int', 'Which split the recipients were drawn by.'),
    always('cohort', 'text', 'Trait; empty text in the cells that hold everybody.'),
    always('cohort_value', 'text', 'Value of the trait; empty text in the cells that hold everybody.'),
    always('fold', 'int', '0 to 19.'),
    always('enrolled_day', 'day', 'Day of enrolment, UTC.'),
    always('n', 'int', 'Recipients.'),
    always('non_zero', 'int', 'Recipients whose outcome y is not 0.'),
    always('sum_y', 'decimal', 'Σy, each cut at the cap of the metric.'),
    always('sum_yy', 'decimal', 'Σy².'),
    always('sum_yyy', 'decimal', 'Σy³.'),
    always('sum_d', 'decimal', 'Σd of the denominator.'),
    always('sum_dd', 'decimal', 'Σd².'),
    always('sum_yd', 'decimal', 'Σyd.'),
    always('sum_x', 'decimal', 'Σx of the covariate.'),
    always('sum_xx', 'decimal', 'Σx².'),
    always('sum_yx', 'decimal', 'Σyx.'),
    always('sum_dx', 'decimal', 'Σdx.'),
    always('capped', 'int', 'Recipients whose outcome was cut at the cap.'),
    always('excess', 'decimal', 'What was cut off, in all.'),
  ],
};

/** Both directions as data, for whoever makes tables out of it. */
export function dataSchema(): object {
  return { schemaVersion: dataSchemaVersion, imports: importColumns, exports: exportColumns };
}
