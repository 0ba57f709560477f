import type { PreparedTemplate } from './prepare-template.js';

/** The traits that a template reads, each once, in order. */
export function traitsOfTemplate({ uses }: Pick<PreparedTemplate, 'uses'>): string[] {
  const paths = Object.values(uses).flatMap((found) => found.map(({ path }) => path));
  // A name with dots is a path to whoever writes the template.
  const names = paths.flatMap(([root, ...rest]) =>
    root === 'user' && rest.length > 0 ? [rest.join('.')] : [],
  );
  return [...new Set(names)].sort();
}
