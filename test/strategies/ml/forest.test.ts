import { describeEstimator } from '../../conformance/estimator.js';
import { forestEstimator } from '../../../src/strategies/ml/forest/forest.js';

describeEstimator(forestEstimator, { trees: 20 });
