import type { Method } from '../method.js';
import { effectOnDeliveredMethod } from './effect-on-delivered.js';
import { clusterMeanMethod } from './cluster-mean.js';
import { funnelIdentityMethod } from './funnel-identity.js';
import { ratioDeltaMethod } from './ratio-delta.js';

export const ratiosMethods: readonly Method[] = [
  ratioDeltaMethod,
  clusterMeanMethod,
  funnelIdentityMethod,
  effectOnDeliveredMethod,
];
