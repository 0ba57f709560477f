import { counted } from './format.js';
import type { CohortEffect } from './report-cohorts.js';

/** The answer to "Do cohorts differ?", as every face gives it. */
export function differText({ interaction, adjusted, leftOut: unused = 0 }: CohortEffect): string {
  const without =
    unused > 0 ? ` (without ${counted(unused, 'value')} that this metric says too little of)` : '';
  if ('refused' in interaction) return `${interaction.reason}${without}`;
  return `${interaction.text}${adjusted ? `, corrected ${adjusted.text}` : ''}${without}`;
}
