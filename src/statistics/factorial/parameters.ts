import type { Parameter } from '../method.js';

export const LEVEL_COUNTS: Parameter = {
  name: 'levelCounts',
  meaning: 'levels of each factor, at least 2; cells are row-major, first factor slowest',
};

export const ORDER: Parameter = {
  name: 'order',
  meaning: 'largest number of factors in an interaction of the model, from 1 to all of them',
};
