import type { ArmModel } from '../report-input.js';
import type { HealthCheck } from './context.js';

/** Does an arm decide by a model that learned from what this very experiment did? */
export const contaminatedModel: HealthCheck = {
  id: 'contaminated_model',
  definition:
    'Models that know the answer: an arm whose model learned from recipients of this experiment after they were enrolled, or from ' +
    'the time in which it ran. It may know outcomes that it is measured by, so its effect looks larger than it is elsewhere.',
  find({ input: { models = [], started } }) {
    const found = models.flatMap((model) => {
      const why = whyContaminated(model, started);
      return why === undefined ? [] : [{ ...model, why }];
    });
    if (models.length === 0) return undefined;
    const evidence = { models: found.map(({ arm, model, why, declared }) => ({ arm, model, why, declared })) };
    const base = { check: 'contaminated_model', evidence };
    if (found.length === 0) {
      const text = 'The models of the arms learned from nothing that this experiment did.';
      return { ...base, severity: 'ok', title: 'Models learned before the experiment', text };
    }
    const declared = found.every((one) => one.declared);
    const sentences = found.map(({ arm, model, why, declared: known }) => `${arm} decides by ${model}, which ${why}${known ? ', as is declared' : ''}.`);
    return {
      ...base,
      severity: declared ? 'notice' : 'warning',
      title: declared ? 'A model learned from this experiment, as declared' : 'A model learned from this experiment',
      text: `${sentences.join(' ')} It may know outcomes that it is measured by: read its effect as what it does here, not elsewhere.`,
    };
  },
}; // prettier-ignore

function whyContaminated({ until, fromHere }: ArmModel, started: string | undefined): string | undefined {
  if (fromHere > 0) {
    return `learned from ${fromHere.toLocaleString('en-US')} recipients of this experiment after they were enrolled`;
  }
  if (started === undefined || until === undefined || Date.parse(until) <= Date.parse(started))
    return undefined;
  return `learned from what happened until ${until.slice(0, 10)}, after the start on ${started.slice(0, 10)}`;
}
