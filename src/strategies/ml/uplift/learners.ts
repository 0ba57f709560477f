import { classTransformation } from './class-transformation.js';
import { doublyRobust } from './doubly-robust.js';
import type { LearnerName, UpliftLearner } from './learner.js';
import { response } from './response.js';
import { twoModel } from './two-model.js';

/** Every way of learning uplift there is. A new one is a file, its name in `LearnerName`, and a line here. */
export const upliftLearners: Readonly<Record<LearnerName, UpliftLearner>> = {
  'two-model': twoModel,
  'class-transformation': classTransformation,
  'doubly-robust': doublyRobust,
  response,
};

export const learnerNames = Object.keys(upliftLearners) as LearnerName[];
