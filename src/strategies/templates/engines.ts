import type { Engine } from './engine.js';
import { handlebarsEngine } from './handlebars.js';
import { liquidEngine } from './liquid.js';
import type { EngineName } from './template.js';

/** Every template language there is. */
export const engines: Readonly<Record<EngineName, Engine>> = {
  liquid: liquidEngine,
  handlebars: handlebarsEngine,
};
