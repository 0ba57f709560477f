import { describeEstimator } from '../../conformance/estimator.js';
import { boostingEstimator } from '../../../src/strategies/ml/boosting/boosting.js';

describeEstimator(boostingEstimator, { trees: 20, minLeafRows: 10, rowShare: 0.8, columnShare: 0.75 });
