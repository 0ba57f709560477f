import type { Method } from '../method.js';
import { agrestiCaffoMethod } from './agresti-caffo.js';
import { agrestiCoullMethod } from './agresti-coull.js';
import { barnardMethod } from './barnard.js';
import { clopperPearsonMethod, jeffreysMethod } from './beta-intervals.js';
import { boschlooMethod } from './boschloo.js';
import { bulkComparisonMethod } from './bulk-comparison.js';
import { rateDeltaUpliftMethod } from './delta-uplift.js';
import { fiellerUpliftMethod } from './fieller-uplift.js';
import { fisherMidPMethod } from './fisher-mid-p.js';
import { fisherMethod } from './fisher.js';
import { gTestMethod } from './g-test.js';
import { katzMethod } from './katz.js';
import { logOddsRatioMethod } from './log-odds-ratio.js';
import { machineShareMethod, roganGladenMethod } from './machine-opens.js';
import { miettinenNurminenMethod } from './miettinen-nurminen.js';
import { newcombeMethod } from './newcombe.js';
import { nonInferiorDifferenceMethod, nonInferiorUpliftMethod } from './non-inferiority.js';
import { pearsonMethod } from './pearson.js';
import { rateTestMethod } from './rate-test.js';
import { scoreDifferenceMethod } from './score-difference.js';
import { scoreRatioMethod } from './score-ratio.js';
import { correctedWaldDifferenceMethod, waldDifferenceMethod } from './wald-difference.js';
import { wilsonMethod } from './wilson.js';
import { yatesMethod } from './yates.js';
import { pooledZMethod, unpooledZMethod } from './z-test.js';

export const proportionsMethods: readonly Method[] = [
  pearsonMethod,
  gTestMethod,
  yatesMethod,
  pooledZMethod,
  unpooledZMethod,
  fisherMethod,
  fisherMidPMethod,
  rateTestMethod,
  barnardMethod,
  boschlooMethod,
  scoreDifferenceMethod,
  miettinenNurminenMethod,
  newcombeMethod,
  agrestiCaffoMethod,
  waldDifferenceMethod,
  correctedWaldDifferenceMethod,
  scoreRatioMethod,
  katzMethod,
  fiellerUpliftMethod,
  rateDeltaUpliftMethod,
  logOddsRatioMethod,
  nonInferiorDifferenceMethod,
  nonInferiorUpliftMethod,
  bulkComparisonMethod,
  wilsonMethod,
  clopperPearsonMethod,
  jeffreysMethod,
  agrestiCoullMethod,
  roganGladenMethod,
  machineShareMethod,
];
