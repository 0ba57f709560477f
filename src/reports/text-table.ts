export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Of the first column: longer cells get a line of their own. */
  readonly most?: number;
}

/**
 * Rows under a header, columns two spaces apart, as wide as their content. A first cell that is too long stands on
 * a line of its own above its row.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const [first] = columns;
  const most = first?.most ?? Infinity;
  const cells = [columns.map((column) => column.title), ...rows].map((row) => row.map(printable));
  const widths = columns.map((_, i) =>
    Math.max(...cells.map((row) => lengthOf(row[i] ?? '')).filter((length) => i > 0 || length <= most), 0),
  );
  return cells.flatMap((row) => {
    const [name = '', ...rest] = row;
    if (lengthOf(name) <= most) return [tableLine(row, columns, widths)];
    return [name, tableLine(['', ...rest], columns, widths)];
  });
}

function tableLine(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return columns
    .map((column, i) => {
      const cell = row[i] ?? '';
      const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(cell)));
      return column.align === 'right' ? gap + cell : cell + gap;
    })
    .join('  ')
    .trimEnd();
}

/** Breaks a text at spaces into lines of at most `width` characters, the later ones indented. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of unbreakable(printable(text)).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (lengthOf(indent + longer) > width && line !== '') {
      lines.push(indent + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, indent + line].map((one) => one.replaceAll(noBreak, ' '));
}

const noBreak = '\u00a0';

/** Keeps `p = 0.03` and `+1.2 pp` on one line. */
function unbreakable(text: string): string {
  return text.replace(/\bp ([=<>]) /g, `p${noBreak}$1${noBreak}`).replace(/(\d) pp\b/g, `$1${noBreak}pp`);
}

/** Characters as a terminal counts them, nearly: wide and joined ones apart. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Control characters would let a data file write to the reader's terminal: they are shown as `\x1b`. */
export function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => {
      const code = c.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
    },
  );
}
