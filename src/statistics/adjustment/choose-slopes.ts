import { product, type CrossSums } from '../cross-sums.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type Refusal, type Warning } from '../result.js';
import { withinFit, type ExactSlopes, type WithinFit } from './within-fit.js';

/** What the caller wants, as far as the data allow. */
export type SlopeChoice = 'auto' | 'per_arm' | 'pooled';

/** What was used; 'none' if no covariate was left. */
export type SlopeKind = 'per_arm' | 'pooled' | 'none';

/** An arm with fewer recipients has no slope of its own. */
const SMALL_ARM = 100n;

/** Of a covariate that is 0 or 1, both values must occur this often in an arm. */
const RARE = 10n;

/** Covariates that leave more of the variance than this are not worth having. */
const USELESS = 0.999;

const CHOICES: readonly string[] = ['auto', 'per_arm', 'pooled'] satisfies SlopeChoice[];

export function impossibleChoice(choice: SlopeChoice): Refusal | undefined {
  if (CHOICES.includes(choice)) return undefined;
  return refuse('invalid_input', "The slopes must be 'auto', 'per_arm' or 'pooled'.");
}

/** The slopes of every arm, and what the reader should know of how they came about. */
export function chooseSlopes(
  arms: readonly CrossSums[],
  pooled: WithinFit,
  choice: SlopeChoice,
): { exact: readonly ExactSlopes[]; kind: SlopeKind; warnings: readonly Warning[] } {
  const covariates = pooled.numerators.length;
  const { kept } = pooled.inverse;
  if (kept.length === 0 || (choice === 'auto' && isUseless(pooled))) {
    const none = { numerators: pooled.numerators.map(() => 0n), denominator: 1n };
    return { exact: arms.map(() => none), kind: 'none', warnings: covariates > 0 ? [LEFT_OUT] : [] };
  }
  const warnings = kept.length < covariates ? [LEFT_OUT] : [];
  const common = { numerators: pooled.numerators, denominator: pooled.denominator };
  if (choice === 'pooled') return { exact: arms.map(() => common), kind: 'pooled', warnings };
  const own = arms.map((arm) => withinFit([arm]));
  const weak = arms.some(
    (arm, k) => lacksSlope(arm, own[k] ?? pooled, kept.length) || (choice === 'auto' && isWeak(arm)),
  );
  if (weak) return { exact: arms.map(() => common), kind: 'pooled', warnings: [...warnings, COMMON_SLOPE] };
  return {
    exact: own.map(({ numerators, denominator }) => ({ numerators, denominator })),
    kind: 'per_arm',
    warnings,
  };
}

/** Whether the common slope leaves all but 0.1 % of the variance within arms. */
function isUseless({ total, residual, denominator }: WithinFit): boolean {
  return total === 0n || ratio(residual, total * denominator) > USELESS;
}

/** Whether the covariates have no slopes in this arm, or fit it perfectly because it is small. */
function lacksSlope(arm: CrossSums, own: WithinFit, covariates: number): boolean {
  return own.inverse.kept.length < covariates || arm.n < BigInt(covariates) + 2n;
}

function isWeak(arm: CrossSums): boolean {
  const rare = (ones: bigint) => (2n * ones < arm.n ? ones : arm.n - ones) < RARE;
  // Whole numbers whose sum is their sum of squares are all 0 or 1.
  return arm.n < SMALL_ARM || arm.sums.some((sum, j) => j > 0 && sum === product(arm, j, j) && rare(sum));
}

const LEFT_OUT: Warning = {
  code: 'left_out',
  message: 'A covariate explains nothing, or nothing beyond the others, and is left out.',
};

const COMMON_SLOPE: Warning = {
  code: 'common_slope',
  message: 'An arm is small or hardly varies in a covariate: all arms share one slope.',
};
