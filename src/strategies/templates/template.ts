/** Plain data about templates; everything else in this folder is a pure function over it. */

export const engineNames = ['liquid', 'handlebars'] as const;
export type EngineName = (typeof engineNames)[number];

export type TokenValue = string | number | boolean;

/** A name that a template may use: a trait (`user.first_name`), a slot (`slots.headline`) or a constant (`shop_name`). */
export interface Token {
  /** Stands in for a value that is missing or blank. Constants have nothing else. */
  readonly default?: TokenValue;
  /** What the rich sample profile has. */
  readonly sample?: TokenValue;
  readonly description?: string;
}

/** A recipient to look at the template with, besides those that every template is looked at with. */
export interface SampleProfile {
  readonly title?: string;
  readonly traits: Readonly<Record<string, TokenValue | null>>;
}

/** A template as it was written. Its hash is its identity. */
export interface TemplateDefinition {
  readonly engine: EngineName;
  readonly subject: string;
  /** One of `html` and `mjml`. */
  readonly html?: string;
  readonly mjml?: string;
  /** The plain text part; made from the HTML where it is not given. */
  readonly text?: string;
  readonly tokens: Readonly<Record<string, Token>>;
  readonly profiles?: Readonly<Record<string, SampleProfile>>;
  /** Arms with this template may lead to other addresses than their neighbours. */
  readonly linksMayDiffer?: boolean;
}

/** What is rendered: MJML as HTML, comment conditionals as the engine's own. */
export interface CompiledTemplate {
  readonly subject: string;
  readonly html: string;
  /** Null: made from each message's HTML. */
  readonly text: string | null;
}

export interface Template extends Pick<TemplateDefinition, 'engine' | 'tokens'> {
  readonly compiled: CompiledTemplate;
}

export const parts = ['subject', 'html', 'text'] as const;
export type Part = (typeof parts)[number];

/** Longest source of a part, in characters. */
export const longestSource = 150_000;
export const longestSubject = 1_000;
/** Longest rendering of a part, in characters. */
export const longestOutput = 1_000_000;
/** Gmail cuts a message off at about this size, in bytes. */
export const cutOffBytes = 100_000;

/** Names that reach what an object inherits. */
export function isReserved(name: string): boolean {
  return name.startsWith('__') || name === 'constructor' || name === 'prototype';
}

/** What a template can speak of besides its constants: traits, slots, recommended items, the message. */
export const roots = ['user', 'slots', 'items', 'message'];
