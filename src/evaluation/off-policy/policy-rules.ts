/** `womens = 1 and mens = 0: Womens E-Mail; else: Mens E-Mail`: the first rule whose comparisons all hold decides. */
export interface PolicyRules {
  readonly rules: readonly PolicyRule[];
  /** What everybody else gets. */
  readonly otherwise: string;
}

export interface PolicyRule {
  readonly when: readonly Comparison[];
  readonly action: string;
}

export interface Comparison {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

const operators = ['<=', '>=', '!=', '=', '<', '>'] as const;
type Operator = (typeof operators)[number];

export type ReadRules =
  { readonly ok: true; readonly rules: PolicyRules } | { readonly ok: false; readonly problem: string };

/**
 * Reads rules as people write them: `COMPARISONS: ACTION` with semicolons between, `else: ACTION` last; an action alone is given to
 * everybody. What holds one of `:;` or an operator is put into double quotes.
 */
export function readPolicyRules(text: string): ReadRules {
  const parts = splitOutside(text, ';').filter((part) => part.trim() !== '');
  if (parts.length === 0)
    return {
      ok: false,
      problem: 'There is no rule. Write "CONDITION: ACTION; else: ACTION", or one action for everybody.',
    };
  const rules: PolicyRule[] = [];
  for (const [i, part] of parts.entries()) {
    const sides = splitOutside(part, ':');
    const last = i === parts.length - 1;
    const [first = '', second] = sides;
    if (sides.length > 2)
      return {
        ok: false,
        problem: `There are two colons in "${part.trim()}". Put names with a colon into double quotes.`,
      };
    const action = bare(second ?? first);
    if (action === '') return { ok: false, problem: `"${part.trim()}" names no action.` };
    const isElse = second === undefined ? parts.length === 1 : first.trim().toLowerCase() === 'else';
    if (isElse && last) return { ok: true, rules: { rules, otherwise: action } };
    if (isElse) return { ok: false, problem: 'Nothing may follow "else": it would never be reached.' };
    if (second === undefined)
      return { ok: false, problem: `"${part.trim()}" has no condition. Write "CONDITION: ACTION".` };
    const when = comparisonsOf(first);
    if (typeof when === 'string') return { ok: false, problem: when };
    rules.push({ when, action });
  }
  return { ok: false, problem: 'The last rule must be "else: ACTION", so that everybody gets something.' };
}

function comparisonsOf(text: string): readonly Comparison[] | string {
  const found: Comparison[] = [];
  for (const part of splitWords(text)) {
    const operator = operatorIn(part);
    if (!operator)
      return `"${part.trim()}" is no comparison. Write one such as "womens = 1"; the signs are ${operators.join(' ')}.`;
    const column = bare(part.slice(0, operator.at));
    if (column === '') return `"${part.trim()}" names no column.`;
    found.push({
      column,
      operator: operator.sign,
      value: bare(part.slice(operator.at + operator.sign.length)),
    });
  }
  return found;
}

function operatorIn(text: string): { readonly sign: Operator; readonly at: number } | undefined {
  for (let at = 0, quoteOpen = false; at < text.length; at++) {
    if (text[at] === '"') quoteOpen = !quoteOpen;
    const sign = quoteOpen ? undefined : operators.find((one) => text.startsWith(one, at));
    if (sign) return { sign, at };
  }
  return undefined;
}

function splitOutside(text: string, sign: string): string[] {
  const parts = [''];
  let quoteOpen = false;
  for (const one of text) {
    if (one === '"') quoteOpen = !quoteOpen;
    if (one === sign && !quoteOpen) parts.push('');
    else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${one}`;
  }
  return parts;
}

/** At `and` between spaces, outside quotes. */
function splitWords(text: string): string[] {
  const hidden = text.replace(/"[^"]*"/g, (quoted) => quoted.replace(/ /g, '\u0000'));
  return hidden.split(/ +and +/i).map((part) => part.replace(/\u0000/g, ' ')); // eslint-disable-line no-control-regex
}

function bare(text: string): string {
  const trimmed = text.trim();
  return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Columns that the rules look at, each once. */
export function columnsOf({ rules }: PolicyRules): string[] {
  return [...new Set(rules.flatMap(({ when }) => when.map(({ column }) => column)))];
}

/** Everything that they may give to somebody, each once. */
export function actionsOf({ rules, otherwise }: PolicyRules): string[] {
  return [...new Set([...rules.map(({ action }) => action), otherwise])];
}

/** What the rules give to one recipient. Both sides are compared as numbers where they are; what is missing meets nothing but `!=`. */
export function chosenBy({ rules, otherwise }: PolicyRules, valueOf: (column: string) => string): string {
  const met = rules.find(({ when }) => when.every((one) => holds(one, valueOf(one.column))));
  return met?.action ?? otherwise;
}

function holds({ operator, value }: Comparison, found: string): boolean {
  const [a, b] = [numberOf(found), numberOf(value)];
  const same = a !== undefined && b !== undefined ? a === b : found === value;
  if (operator === '=') return same;
  if (operator === '!=') return !same;
  if (a === undefined || b === undefined) return false;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
