import type { Json } from '../strategies/strategy.js';
import { shownText } from './shown-text.js';
import { shownTime } from './shown-time.js';

/** A trace as nested lists: what a part says of itself, and its parts. */
export interface TraceNode {
  /** Of a condition or rule: whether it held. */
  readonly verdict?: boolean;
  /** What it is called by the part around it. */
  readonly label: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly parts: readonly TraceNode[];
}

const longest = 200;

/** Any JSON that a kind tells; nothing is left out. */
export function traceView(trace: Json, label = ''): TraceNode {
  if (!isObject(trace)) return { label, facts: [{ name: '', value: written(trace) }], parts: [] };
  if (isList(trace)) return { label, facts: [], parts: trace.map((one, i) => traceView(one, String(i + 1))) };
  const entries = Object.entries(trace).filter(([name]) => name !== 'verdict');
  const simple = entries.filter(([, value]) => !isObject(value) || isPlainList(value));
  const nested = entries.filter(([, value]) => isObject(value) && !isPlainList(value));
  const { verdict } = trace as { readonly verdict?: unknown };
  return {
    ...(typeof verdict === 'boolean' && { verdict }),
    label,
    facts: simple.map(([name, value]) => ({ name: shownText(name), value: written(value) })),
    parts: nested.map(([name, value]) => traceView(value, shownText(name))),
  };
}

function isObject(value: Json): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isPlainList(value: Json): boolean {
  return isList(value) && value.every((one) => !isObject(one));
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function written(value: Json): string {
  if (value === null) return 'not known';
  if (isList(value) && value.length === 0) return 'none';
  if (typeof value === 'string' && instant.test(value)) return shownTime(new Date(value));
  return shownText(
    isList(value) ? value.map(written).join(', ') : typeof value === 'string' ? value : JSON.stringify(value),
    longest,
  );
}
