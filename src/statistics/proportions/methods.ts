import { pearsonMethod } from './pearson.js';
import { fisherMidPMethod } from './fisher-mid-p.js';
import { midPGuardMethod } from './mid-p-guard.js';
import { scoreDifferenceMethod } from './score-difference.js';
import { scoreRatioMethod } from './score-ratio.js';
import { waldDifferenceMethod } from './wald-difference.js';
import { wilsonMethod } from './wilson.js';
import type { Method } from '../method.js';

export const proportionsMethods: readonly Method[] = [
  pearsonMethod,
  fisherMidPMethod,
  midPGuardMethod,
  scoreDifferenceMethod,
  scoreRatioMethod,
  waldDifferenceMethod,
  wilsonMethod,
];
