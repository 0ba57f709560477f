import type { Method } from '../method.js';
import { allPairsRatesMethod } from './all-pairs-rates.js';
import { benjaminiHochbergMethod } from './benjamini-hochberg.js';
import { benjaminiYekutieliMethod } from './benjamini-yekutieli.js';
import { bestMeanMethod } from './best-mean.js';
import { bestRateMethod } from './best-rate.js';
import { bonferroniMethod } from './bonferroni.js';
import { dunnettRatesMethod } from './dunnett-rates.js';
import { dunnettUnequalMethod } from './dunnett-unequal.js';
import { dunnettMethod } from './dunnett.js';
import { gamesHowellMethod } from './games-howell.js';
import { gatekeepingMethod } from './gatekeeping.js';
import { graphicalMethod } from './graphical.js';
import { hochbergMethod } from './hochberg.js';
import { holmMethod } from './holm.js';
import { selectedBestMethod } from './selected-best.js';
import { selectedEffectMethod } from './selected-effect.js';
import { sidakMethod } from './sidak.js';
import { tukeyMethod } from './tukey.js';

export const multiplicityMethods: readonly Method[] = [
  holmMethod,
  hochbergMethod,
  bonferroniMethod,
  sidakMethod,
  benjaminiHochbergMethod,
  benjaminiYekutieliMethod,
  gatekeepingMethod,
  graphicalMethod,
  dunnettMethod,
  dunnettUnequalMethod,
  dunnettRatesMethod,
  selectedEffectMethod,
  selectedBestMethod,
  tukeyMethod,
  gamesHowellMethod,
  allPairsRatesMethod,
  bestMeanMethod,
  bestRateMethod,
];
