import { z } from 'zod';
import type { Json } from '../../strategy.js';
import type { LearnerName } from './learner.js';

export const upliftVersion = 1;

const schema = z.object({
  learner: z.string(),
  version: z.literal(upliftVersion),
  models: z.array(z.json()),
});

/** Models inside the JSON of a learner. @throws Error with a sentence for what is none of this learner and version. */
export function modelsInside(json: Json, learner: LearnerName, count: number): Json[] {
  const read = schema.safeParse(json);
  if (!read.success || read.data.learner !== learner || read.data.models.length !== count) {
    throw new Error(
      `This is no ${learner} model of version ${upliftVersion}: it is truncated, or of another learner or version. Learn it again.`,
    );
  }
  return read.data.models;
}
