import { conditionInWords } from '../../profiles/segments/in-words.js';
import type { Node } from './node.js';

/** A condition in one line, shortened where it is long. */
export function spellNode(node: Node): string {
  if (node.kind === 'leaf') return conditionInWords(node.leaf);
  if (node.kind === 'not') return `not (${spellNode(node.child)})`;
  const parts = node.children.slice(0, 3).map(spellNode);
  if (node.children.length > 3) parts.push('…');
  const joined = parts.join(node.kind === 'all' ? ' and ' : ' or ');
  return parts.length > 1 ? `(${joined})` : joined;
}
