/** Something to say about a template, with its place. */
export interface Finding {
  /** `error`: the template is not taken. `warning`: it is, and somebody should look. */
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** `subject`, `html`, `mjml`, `text`, or the path of a field. */
  readonly part: string;
  /** From 1; undefined where it is about the part as a whole. */
  readonly line?: number;
  readonly column?: number;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Turns positions in a text into lines and columns; ask for any number of them. */
export function placesIn(source: string): (index: number) => Place {
  const starts = [0];
  for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) starts.push(i + 1);
  return (index) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: index - (starts[low] ?? 0) + 1 };
  };
}
