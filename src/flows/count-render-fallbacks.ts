import {
  type RenderFallbackCount,
  renderFallbackCounts,
} from '../database/questions/render-fallback-counts.js';
import type { Context } from './context.js';

/** How many messages of each arm were rendered otherwise than meant, and why. */
export function countRenderFallbacks(
  ctx: Pick<Context, 'db'>,
  experiment: string,
): Promise<RenderFallbackCount[]> {
  return renderFallbackCounts(ctx.db, experiment);
}
