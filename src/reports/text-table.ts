export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Longer cells are cut with an ellipsis. */
  readonly most?: number;
}

/** Rows under a header, columns two spaces apart, as wide as their content. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cells = [columns.map((column) => column.title), ...rows].map((row) =>
    columns.map((column, i) => shorten(row[i] ?? '', column.most)),
  );
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => lengthOf(row[i] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, i) => {
        const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(cell)));
        return columns[i]?.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a text at spaces into lines of at most `width` characters, the later ones indented. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (lengthOf(indent + longer) > width && line !== '') {
      lines.push(indent + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, indent + line];
}

function shorten(text: string, most: number | undefined): string {
  if (most === undefined || lengthOf(text) <= most) return text;
  return `${[...text].slice(0, most - 1).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
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
