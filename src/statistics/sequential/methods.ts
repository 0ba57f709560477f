import type { Method } from '../method.js';
import { groupSequentialAnalysisMethod } from './analysis.js';
import { confidenceSequenceMethod } from './confidence-sequence.js';
import { futilityMethod } from './futility.js';
import { groupSequentialMethod } from './group-sequential.js';
import { msprtMethod } from './msprt.js';
import { oneSidedSequenceMethod } from './one-sided-sequence.js';
import { runningSequenceMethod } from './running-sequence.js';
import { wangTsiatisMethod } from './wang-tsiatis.js';

export const sequentialMethods: readonly Method[] = [
  confidenceSequenceMethod,
  oneSidedSequenceMethod,
  runningSequenceMethod,
  msprtMethod,
  groupSequentialMethod,
  groupSequentialAnalysisMethod,
  futilityMethod,
  wangTsiatisMethod,
];
