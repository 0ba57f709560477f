import type { Method } from '../method.js';
import { anovaMethod } from './anova.js';
import { commonCapMethod } from './common-cap.js';
import { meanDeltaUpliftMethod } from './delta-uplift.js';
import { fiellerMethod } from './fieller.js';
import { foldJackknifeMethod } from './fold-jackknife.js';
import { hallMethod } from './hall.js';
import { logUpliftMethod } from './log-uplift.js';
import { meanIntervalMethod } from './mean-interval.js';
import { nonInferiorityMethod } from './non-inferiority.js';
import { quantileMethod } from './quantile.js';
import { revenueGuardMethod } from './revenue-guard.js';
import { skewGuardMethod } from './skew-guard.js';
import { studentMethod } from './student.js';
import { twoPartMethod } from './two-part.js';
import { welchAnovaMethod } from './welch-anova.js';
import { welchMethod } from './welch.js';
import { winsorWelchMethod } from './winsor-welch.js';

export const meansMethods: readonly Method[] = [
  meanIntervalMethod,
  welchMethod,
  studentMethod,
  fiellerMethod,
  logUpliftMethod,
  meanDeltaUpliftMethod,
  nonInferiorityMethod,
  welchAnovaMethod,
  anovaMethod,
  twoPartMethod,
  commonCapMethod,
  winsorWelchMethod,
  hallMethod,
  quantileMethod,
  foldJackknifeMethod,
  skewGuardMethod,
  revenueGuardMethod,
];
