import type { Context } from '../../src/flows/context.js';

/** Says that a model is the one in use. */
export async function promoteForTests(
  ctx: Context,
  name: string,
  strategy: string,
  model: string,
): Promise<void> {
  await ctx.db('model_promotions').insert({
    ...{
      name,
      strategy,
      model,
      status: 'promoted',
      why: 'for a test',
      done_by: 'a test',
      done_at: ctx.clock(),
    },
  });
}
