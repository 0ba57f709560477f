import type { Slots } from '../../experiments/experiment.js';
import { isBlank } from '../../experiments/slots.js';
import type { Token, TokenValue } from './template.js';

/** What a recommended item shows; anything else that is known of it may stand beside. */
export type ShownItem = Readonly<Record<string, TokenValue | null>>;

/** What one message is made from. */
export interface MessageInput {
  readonly slots: Slots;
  readonly traits: Readonly<Record<string, TokenValue | null>>;
  /** Best first. */
  readonly items: readonly ShownItem[];
  readonly messageId: string;
}

/** What is always there in an item, if only as a blank. */
const itemFields = ['id', 'title', 'price', 'currency', 'url', 'image', 'category'];

type Values = Record<string, TokenValue | null>;

export type ContextMaker = (input: MessageInput) => object;

/**
 * Makes the context of a message: nothing but declared tokens, slots, items and the message id, on objects that inherit
 * nothing. A value that is missing or blank is its default, or else null.
 */
export function contextMaker(
  tokens: Readonly<Record<string, Token>>,
  fields: readonly string[],
): ContextMaker {
  const constants: Values = bare();
  const user: [string, TokenValue | null][] = [];
  const slots: [string, TokenValue | null][] = [];
  for (const [name, token] of Object.entries(tokens)) {
    const value = token.default ?? null;
    if (name.startsWith('user.')) user.push([name.slice(5), value]);
    else if (name.startsWith('slots.')) slots.push([name.slice(6), value]);
    else constants[name] = value;
  }
  const blankItem: Values = bare();
  for (const field of [...itemFields, ...fields]) blankItem[field] = null;
  return ({ slots: set, traits, items, messageId }) => ({
    __proto__: null,
    ...constants,
    user: filled(user, traits),
    slots: Object.assign(filled(slots, set), present(set)),
    items: items.map((item) => Object.assign(bare(), blankItem, item)),
    message: Object.assign(bare(), { id: messageId }),
  });
}

function filled(
  names: readonly (readonly [string, TokenValue | null])[],
  values: Readonly<Record<string, TokenValue | null>>,
): Values {
  const made = bare();
  for (const [name, instead] of names) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    made[name] = isMissing(value) ? instead : (value ?? null);
  }
  return made;
}

function present(slots: Slots): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([, text]) => !isBlank(text)));
}

function isMissing(value: TokenValue | null | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}

function bare(): Values {
  return Object.create(null) as Values;
}
