import { benjaminiHochbergMethod } from './benjamini-hochberg.js';
import { benjaminiYekutieliMethod } from './benjamini-yekutieli.js';
import { bonferroniMethod } from './bonferroni.js';
import { gatekeepingMethod } from './gatekeeping.js';
import { hochbergMethod } from './hochberg.js';
import { holmMethod } from './holm.js';
import { sidakMethod } from './sidak.js';
import type { Method } from '../method.js';

export const multiplicityMethods: readonly Method[] = [
  holmMethod,
  hochbergMethod,
  bonferroniMethod,
  sidakMethod,
  benjaminiHochbergMethod,
  benjaminiYekutieliMethod,
  gatekeepingMethod,
];
