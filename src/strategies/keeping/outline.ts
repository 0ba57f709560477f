import type { SlotValues } from '../../experiments/experiment.js';
import type { Condition } from '../../profiles/conditions/condition.js';
import { conditionInWords } from '../../profiles/segments/in-words.js';

/** A definition as readers see it: a tree of short texts. Drawn, listed or printed from the same nodes. */
export interface Outline {
  readonly role: 'start' | 'rule' | 'group' | 'test' | 'content' | 'default';
  readonly text: string;
  /** What must be the case to get here from above: `yes`, `no`, `AT`. */
  readonly edge?: string;
  /** Said beside it in small letters. */
  readonly note?: string;
  readonly children: readonly Outline[];
}

/** A condition as an outline; groups of one are their only part. */
export function outlineOfCondition(condition: Condition): Outline {
  if ('all' in condition) return group('all of', condition.all);
  if ('any' in condition) return group('any of', condition.any);
  if ('not' in condition) {
    const inner = outlineOfCondition(condition.not);
    return { ...inner, role: 'group', text: `not ${inner.text}` };
  }
  return { role: 'test', text: conditionInWords(condition), children: [] };
}

function group(text: string, parts: readonly Condition[]): Outline {
  const [only] = parts;
  if (parts.length === 1 && only) return outlineOfCondition(only);
  return { role: 'group', text, children: parts.map(outlineOfCondition) };
}

/** One line for each slot. */
export function outlineOfSlots(slots: SlotValues): Outline[] {
  return Object.entries(slots).map(([slot, value]) => ({
    role: 'content',
    text: `${slot}: ${spellSlot(value)}`,
    children: [],
  }));
}

export function spellSlot(value: SlotValues[string]): string {
  return typeof value === 'string' ? value : `content ${value.content}`;
}

/** An outline as text, one line a node, with the branches drawn in front. */
export function outlineAsText(outline: Outline): string {
  return linesOf(outline, '', '').join('\n');
}

const longestLine = 200;

function linesOf(outline: Outline, first: string, rest: string): string[] {
  const { text, edge, note, children } = outline;
  const line = text.replaceAll(/\s+/g, ' ');
  const shown = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
  const own = `${first}${edge === undefined ? '' : `${edge}: `}${shown}${note === undefined ? '' : ` (${note})`}`;
  return [
    own,
    ...children.flatMap((child, i) => {
      const last = i === children.length - 1;
      return linesOf(child, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`);
    }),
  ];
}
