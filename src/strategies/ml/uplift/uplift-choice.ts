import { choiceSchema } from '../model-choice.js';
import { baseEstimators } from './base-estimators.js';

/** What a learner of uplift is built on: as for any model, least squares among the estimators and unless said. */
export const upliftModelSchema = choiceSchema(baseEstimators, 'least_squares');
