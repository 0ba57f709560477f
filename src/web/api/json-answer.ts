import type { Answer, Content } from './route.js';

/** An answer that is JSON and nothing else. */
export function jsonAnswer(
  description: string,
  schema: Content['schema'],
  example: Content['example'],
): Answer {
  return { description, content: { 'application/json': { schema, example } } };
}
