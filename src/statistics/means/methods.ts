import { meanIntervalMethod } from './mean-interval.js';
import { welchMethod } from './welch.js';
import { fiellerMethod } from './fieller.js';
import { welchAnovaMethod } from './welch-anova.js';
import { anovaMethod } from './anova.js';
import { skewGuardMethod } from './skew-guard.js';
import type { Method } from '../method.js';

export const meansMethods: readonly Method[] = [
  meanIntervalMethod,
  welchMethod,
  fiellerMethod,
  welchAnovaMethod,
  anovaMethod,
  skewGuardMethod,
];
