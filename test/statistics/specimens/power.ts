const errors = { alpha: 0.05, power: 0.8 };
const rates = { baseline: 0.1, treatment: 0.12, alpha: 0.05 };
const means = { sd: 20, difference: 1, alpha: 0.05 };
const variances = { controlVariance: 25, treatmentVariance: 27, correlation: 0.5 };

export const powerSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'plan.sample_size': [
    [{ ...rates, power: 0.8 }],
    [{ ...rates, power: 0.8, ratio: 0.5, strict: true, critical: 2.3, inflation: 1.03, effectFrom: 'plan' }],
  ],
  'plan.power_proportions': [[{ ...rates, n: 4000 }], [{ ...rates, n: 40, ratio: 2, strict: true }]],
  'plan.detectable_rate': [
    [{ ...errors, baseline: 0.1, n: 4000 }],
    [{ ...errors, baseline: 0.1, n: 4000, ratio: 2, direction: 'decrease', strict: true }],
  ],
  'plan.sample_size_means': [[{ ...means, power: 0.8 }], [{ ...means, power: 0.8, ratio: 2, strict: true }]],
  'plan.power_means': [[{ ...means, n: 5000 }], [{ ...means, n: 50, ratio: 2, strict: true }]],
  'plan.detectable_difference': [[{ ...errors, sd: 20, n: 5000, ratio: 2, inflation: 1.1 }]],
  'plan.sample_size_effect': [[{ ...variances, ...errors, effect: 0.1, ratio: 2 }]],
  'plan.power_effect': [[{ ...variances, alpha: 0.05, controlN: 5000, treatmentN: 6000, effect: 0.1 }]],
  'plan.detectable_effect': [
    [{ ...variances, ...errors, controlN: 5000, treatmentN: 6000, sequenceN: 11000 }],
  ],
  'plan.factorial': [[{ ...errors, variance: 0.09, effect: 0.01, total: 50000, factors: 3 }]],
  'plan.power_anova': [[{ groups: 4, betweenVariance: 1, withinVariance: 300, alpha: 0.05, n: 900 }]],
  'plan.sample_size_anova': [[{ ...errors, groups: 4, betweenVariance: 1, withinVariance: 300 }]],
  'plan.power_chi_squared': [[{ planned: [0.5, 0.5], actual: [0.51, 0.49], alpha: 0.001, n: 20000 }]],
  'plan.sample_size_chi_squared': [[{ planned: [0.5, 0.25, 0.25], actual: [0.51, 0.24, 0.25], ...errors }]],
  'plan.power_many_rates': [
    [{ rates: [0.1, 0.11, 0.12], n: 20000, alpha: 0.05 }],
    [{ rates: [0.1, 0.11], shares: [0.2, 0.8], n: 20000, alpha: 0.05 }],
  ],
  'plan.many_treatments': [[{ ...rates, power: 0.8, treatments: 3, ratio: 0.6 }]],
  'plan.non_inferiority': [
    [{ ...errors, baseline: 0.002, margin: 0.0005, better: 'lower' }],
    [{ ...errors, baseline: 0.3, treatment: 0.29, margin: 0.02, better: 'higher', ratio: 2 }],
  ],
  'plan.machine_opens': [[{ ...errors, baseline: 0.2, treatment: 0.22, machineShare: 0.5 }]],
  'plan.list_limit': [[{ ...errors, baseline: 0.02, listSize: 100000, ratio: 1 }]],
  'plan.smallest_cohort': [[{ ...rates, power: 0.8, listSize: 100000 }]],
  'plan.duration': [
    [
      {
        recipients: 20000,
        intake: [900, 900, 900, 900, 900, 300, 300],
        startDay: 20000,
        ramp: [0.1, 0.5],
        attributionDays: 7,
        bufferDays: 2,
        listSize: 50000,
      },
    ],
  ],
};
