import type { Outline } from '../strategies/keeping/outline.js';

/** A strategy as boxes and lines, in the units of an SVG; what stands in it is in the list beside it as well. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly ways: readonly Way[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly role: 'question' | 'content' | 'nothing';
  readonly lines: readonly DrawnLine[];
}

export interface DrawnLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly strong: boolean;
}

/** An arrow, with the answer that leads along it. */
export interface Way {
  readonly path: string;
  readonly label?: { readonly text: string; readonly x: number; readonly y: number };
}

const drawingWidth = 760;
const questionWidth = 420;
const contentLeft = 492;
const contentWidth = drawingWidth - contentLeft - 4;
const lineHeight = 19;
const padding = 11;
/** Nearly, of the letters that the pages are set in. */
const charWidth = 7;
const strongCharWidth = 7.8;
const indent = 16;
const gap = 26;
const mostBoxes = 120;

interface Text {
  readonly text: string;
  readonly depth: number;
  readonly strong: boolean;
}

/** Undefined for what is no decision, or so large that nobody would read it. */
export function drawStrategy(outline: Outline): Drawing | undefined {
  if (countOf(outline) > mostBoxes * 10 || outline.children.length === 0) return undefined;
  const isList = outline.role === 'start';
  const drawing = isList ? drawRules(outline) : drawTree(outline);
  const { length } = drawing.boxes;
  return length === 0 || length > mostBoxes ? undefined : drawing;
}

/** One question below the other; `yes` leads to the content beside it. */
function drawRules({ children }: Outline): Drawing {
  const boxes: Box[] = [];
  const ways: Way[] = [];
  let y = 4;
  for (const [i, child] of children.entries()) {
    if (child.role !== 'rule' && child.role !== 'default') continue;
    const contents = child.children.filter(({ role }) => role === 'content');
    const asked = child.children.filter(({ role }) => role !== 'content');
    const question = boxAt(4, y, questionWidth, 'question', [
      ...titleOf(child),
      ...asked.flatMap((one) => textsOf(one, 0)),
    ]);
    const content = contentBox(contentLeft, y, contentWidth, contents);
    boxes.push(question, content);
    const middle = y + Math.min(question.height, content.height) / 2;
    const isDefault = child.role === 'default';
    ways.push({
      path: arrow([question.x + question.width, middle], [content.x, middle]),
      ...(!isDefault && { label: { text: 'yes', x: question.x + question.width + 12, y: middle - 6 } }),
    });
    const below = y + Math.max(question.height, content.height) + gap;
    if (i < children.length - 1) {
      const x = question.x + 40;
      ways.push({
        path: arrow([x, y + question.height], [x, below]),
        label: { text: 'no', x: x + 8, y: below - gap / 2 + 4 },
      });
    }
    y = below;
  }
  return { width: drawingWidth, height: Math.max(y - gap + 4, 20), boxes, ways };
}

/** Every answer one step to the right of its question. */
function drawTree(root: Outline): Drawing {
  const boxes: Box[] = [];
  const ways: Way[] = [];
  let y = 4;
  let width = 0;
  const draw = (node: Outline, depth: number): Box => {
    const x = 4 + depth * 44;
    const contents = node.children.filter(({ role }) => role === 'content');
    const asked = node.children.filter(({ role, edge }) => role !== 'content' && edge === undefined);
    const answers = node.children.filter(({ edge }) => edge !== undefined);
    const box = boxAt(x, y, 380, answers.length > 0 ? 'question' : 'content', [
      ...titleOf(node),
      ...asked.flatMap((one) => textsOf(one, 0)),
      ...contents.map(({ text }): Text => ({ text, depth: 0, strong: false })),
    ]);
    boxes.push(box);
    width = Math.max(width, box.x + box.width + 4);
    y += box.height + gap;
    for (const answer of answers) {
      const top = y;
      const from: readonly [number, number] = [x + 20, box.y + box.height];
      const child = draw(answer, depth + 1);
      ways.push({
        path: `M${from[0]} ${from[1]}V${top + 18}H${child.x - 7}`,
        label: { text: answer.edge ?? '', x: x + 28, y: top - 7 },
      });
    }
    return box;
  };
  draw(root, 0);
  return { width: Math.max(width, 400), height: y - gap + 4, boxes, ways };
}

function contentBox(x: number, y: number, width: number, contents: readonly Outline[]): Box {
  if (contents.length === 0) {
    return boxAt(x, y, width, 'nothing', [{ text: 'no content', depth: 0, strong: false }]);
  }
  const texts = contents.map(({ text }): Text => ({ text, depth: 0, strong: false }));
  return boxAt(x, y, width, 'content', texts);
}

function titleOf({ text, note }: Outline): Text[] {
  const title = { text, depth: 0, strong: true };
  return note === undefined ? [title] : [title, { text: note, depth: 0, strong: false }];
}

function textsOf({ text, children }: Outline, depth: number): Text[] {
  return [{ text, depth, strong: false }, ...children.flatMap((child) => textsOf(child, depth + 1))];
}

function boxAt(x: number, y: number, width: number, role: Box['role'], texts: readonly Text[]): Box {
  const lines: DrawnLine[] = [];
  for (const { text, depth, strong } of texts) {
    const left = x + padding + depth * indent;
    const room = Math.max(
      12,
      Math.floor((x + width - padding - left) / (strong ? strongCharWidth : charWidth)),
    );
    for (const line of wrapped(text, room)) {
      lines.push({ text: line, x: left, y: y + padding + lines.length * lineHeight + 13, strong });
    }
  }
  return { x, y, width, height: lines.length * lineHeight + 2 * padding, role, lines };
}

const mostLines = 6;

/** At spaces where there are some; very long texts are cut short, the list has them whole. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replaceAll(/\s+/g, ' ')
    .split(' ')
    .flatMap((one) => pieces(one, room))) {
    if (line !== '' && line.length + word.length + 1 > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `${(lines[mostLines - 1] ?? '').slice(0, room - 1)}…`];
}

function pieces(word: string, room: number): string[] {
  const characters = Array.from(word);
  if (characters.length <= room) return [word];
  return Array.from({ length: Math.ceil(characters.length / room) }, (_, i) =>
    characters.slice(i * room, (i + 1) * room).join(''),
  );
}

function arrow([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  // The head takes the last bit.
  return x1 === x2 ? `M${x1} ${y1}V${y2 - 7}` : `M${x1} ${y1}H${x2 - 7}`;
}

function countOf({ children }: Outline): number {
  return 1 + children.reduce((sum, child) => sum + countOf(child), 0);
}
