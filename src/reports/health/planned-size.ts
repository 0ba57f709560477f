import { countText, listText } from '../format.js';
import type { HealthCheck } from './context.js';

/** Did every arm reach the size that the plan asks for? */
export const plannedSize: HealthCheck = {
  id: 'planned_size',
  definition:
    'Planned size: recipients per arm against what the plan asks for, so that the smallest uplift worth finding ' +
    'is found with the planned power.',
  find({ input, recipients }) {
    const planned = input.plannedPerArm;
    if (planned === undefined) return undefined;
    const short = input.arms
      .map((arm, i) => ({ arm: arm.title, recipients: Number(recipients[i]), drawn: arm.weight !== 0 }))
      .filter((arm) => arm.drawn && arm.recipients < planned);
    const evidence = { planned, short: short.map(({ arm, recipients: reached }) => ({ arm, reached })) };
    const wanted = `The plan asks for ${countText(planned)} recipients per arm`;
    if (short.length === 0) {
      const text = `${wanted}; every arm has them.`;
      return { check: 'planned_size', severity: 'ok', title: 'Planned size reached', text, evidence };
    }
    const have = listText(short.map((arm) => `${arm.arm} has ${countText(arm.recipients)}`));
    return {
      check: 'planned_size',
      severity: 'notice',
      title: 'Planned size not reached',
      text: `${wanted}; ${have}. A difference as small as the plan's may be missed.`,
      evidence,
    };
  },
};
