import { betaBinomial } from '../../../src/statistics/bayes/beta-binomial.js';
import { betaBinomialMulti } from '../../../src/statistics/bayes/beta-binomial-multi.js';
import type { BetaPrior } from '../../../src/statistics/bayes/beta-prior.js';
import { normalPosterior } from '../../../src/statistics/bayes/normal.js';
import { isRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { count, sides, type RawCount, type Two } from './reference-inputs.js';

export const bayesAdapters: Adapters = {
  'bayes.beta_binomial': {
    covers: ['bayes.beta_binomial'],
    run: ({ control, treatment, level, prior }: Two<RawCount> & { prior: BetaPrior }) => {
      const result = betaBinomial(count(control), count(treatment), prior, level);
      if (isRefusal(result)) return {};
      return {
        prob_treatment_best: result.treatmentBetter.probability,
        loss_choose_treatment: result.loss.chooseTreatment,
        loss_choose_control: result.loss.chooseControl,
        mean_control: result.control.value,
        mean_treatment: result.treatment.value,
        interval_control: sides(result.control),
        interval_treatment: sides(result.treatment),
      };
    },
  },
  'bayes.beta_binomial_multi': {
    covers: ['bayes.beta_binomial_multi'],
    run: ({ x, n, prior }: { x: number[]; n: number[]; prior: BetaPrior }) => {
      if (x.length !== n.length) return {};
      const arms = x.map((successes, k) => count({ x: successes, n: n[k]! }));
      const result = betaBinomialMulti(arms, prior);
      if (isRefusal(result)) return {};
      return {
        prob_best: result.arms.map((arm) => arm.probabilityBest),
        loss: result.arms.map((arm) => arm.loss),
      };
    },
  },
  'bayes.normal': {
    covers: ['bayes.normal'],
    run: (input: { prior_mean: number; prior_sd: number; estimate: number; se: number; level?: number }) => {
      const prior = { mean: input.prior_mean, sd: input.prior_sd };
      const estimate = { value: input.estimate, se: input.se };
      const result = normalPosterior(prior, estimate, input.level ?? 0.95);
      if (isRefusal(result)) return {};
      return {
        mean: result.effect.value,
        sd: result.effect.se,
        prob_positive: result.treatmentBetter.probability,
        log_prob_negative: result.controlBetter.log,
        loss_choose_treatment: result.loss.chooseTreatment,
        loss_choose_control: result.loss.chooseControl,
        interval: sides(result.effect),
      };
    },
  },
};
