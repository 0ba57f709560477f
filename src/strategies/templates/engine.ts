import type { Place } from './finding.js';

/** What a part is written in: values are escaped for HTML, and stand as they are in a subject or a plain text. */
export type Mode = 'html' | 'text';

/** One mention of a value in a template. */
export interface Use extends Place {
  /** `['user', 'first_name']`; names that the template makes itself (of a loop) are left out. */
  readonly path: readonly string[];
  /** It is printed, and no condition around it asks whether it is there. */
  readonly bare: boolean;
  /** It is printed without being escaped. */
  readonly raw: boolean;
}

/** What an engine has read. */
export interface Read {
  readonly uses: readonly Use[];
  /** Names that it reads from whatever it loops over. */
  readonly itemFields: readonly string[];
  /** @throws whatever the engine throws. */
  readonly render: (context: object) => string;
}

export interface ReadProblem extends Partial<Place> {
  readonly code: string;
  readonly message: string;
}

/**
 * A template language. `read` never throws for what is written in a source, and what it gives back renders the same from
 * the same context. Neither is safe from running long: whoever calls them guards them with a timer.
 */
export interface Engine {
  read(source: string, mode: Mode): Read | { readonly problems: readonly ReadProblem[] };
}
