import { deviance } from './deviance.js';
import { logOneMinusExp, type Tails } from './tails.js';

/**
 * One point of the distribution of χ²(d1, ncp)/d1 over χ²(d2)/d2, described by where the inversion integral of the
 * moment generating function has its saddle point: at rise / (2 (1 + rise)). `rise` is positive above the mean.
 */
export interface SaddlePoint {
  readonly d1: number;
  /** Infinity for the chi-squared distribution, which has no denominator. */
  readonly d2: number;
  readonly ncp: number;
  readonly rise: number;
  /** 1 + rise, known better than by that sum when rise is near -1. */
  readonly onePlusRise: number;
  /** The denominator's part; 0 for the chi-squared distribution. */
  readonly slope: number;
  /** 1 - slope · rise, for the same reason. */
  readonly fall: number;
}

/** Where the path of integration crosses the real axis, its scale there, and how it bends away (1 is 45 degrees). */
interface Path {
  readonly at: number;
  readonly width: number;
  readonly bend: number;
}

type Side = 'lower' | 'upper';

const STEP = 0.06;

/**
 * Both tails of a noncentral chi-squared or F distribution, by inverting the moment generating function along a path
 * close to that of steepest descent. The cost does not grow with any parameter, and the pole that divides the two tails
 * stays on the far side of the smaller one's path, so that no tail is one minus the other.
 * Sources: Helstrom & Ritcey (1985), IEEE Trans. Aerosp. Electron. Syst. 21, for the method; Butler (2007), Saddlepoint
 * Approximations with Applications, 2.4. The variable is w, with s = (rise + w) / (2 (1 + rise)): the saddle point is
 * 0, the pole -rise, the branch points 1 and -1/slope, and no exponent is the difference of large numbers.
 */
export function noncentralTails(point: SaddlePoint): Tails {
  const upperIsSmall = point.rise > 0;
  const small = Math.min(0, logTail(point, upperIsSmall ? 'upper' : 'lower'));
  // Where the rise rounds to -1 the pole meets the branch point and the far side has no path of its own.
  const hasPath = small >= -0.5 && point.rise > -1;
  const large = hasPath
    ? Math.min(0, logTail(point, upperIsSmall ? 'lower' : 'upper'))
    : logOneMinusExp(small);
  const [logLower, logUpper] = upperIsSmall ? [large, small] : [small, large];
  return { lower: Math.exp(logLower), upper: Math.exp(logUpper), logLower, logUpper };
}

/** Trapezoidal rule along w = at + width (i sinh θ + bend (cosh θ - 1)); the other half of the path is conjugate. */
function logTail(point: SaddlePoint, side: Side): number {
  const { at, width, bend } = pathOf(point, side);
  const top = exponent(point, at, 0).re;
  let sum = (0.5 * width) / (at + point.rise);
  for (let theta = STEP; ; theta += STEP) {
    const [sinh, cosh] = [width * Math.sinh(theta), width * Math.cosh(theta)];
    const x = at + bend * (cosh - width);
    const power = exponent(point, x, sinh);
    const size = Math.exp(power.re - top);
    // dw/dθ / (i (w + rise))
    const fromPole = x + point.rise;
    const norm = fromPole * fromPole + sinh * sinh;
    const re = (cosh * fromPole - bend * sinh * sinh) / norm;
    const im = (-bend * sinh * fromPole - cosh * sinh) / norm;
    sum += size * (Math.cos(power.im) * re - Math.sin(power.im) * im);
    // Written so that an overflow far out, where nothing counts any more, ends the sum too.
    if (!(size * (Math.abs(re) + Math.abs(im)) > 1e-17 * Math.abs(sum))) break;
  }
  return logHeight(point) + top + Math.log((STEP / Math.PI) * Math.abs(sum));
}

/** The integrand's logarithm at the saddle point: three terms, none above 0. */
function logHeight({ d1, d2, ncp, rise, onePlusRise, slope, fall }: SaddlePoint): number {
  const numerator = deviance(0.5 * d1, 0.5 * d1 * onePlusRise, -0.5 * d1 * rise);
  const denominator = slope === 0 ? 0 : deviance(0.5 * d2, 0.5 * d2 * fall, 0.5 * d2 * slope * rise);
  return -numerator - denominator - 0.5 * ncp * rise * rise;
}

/** Crosses at the saddle point of integrand and pole together, by Newton's method on a convex function. */
function pathOf(point: SaddlePoint, side: Side): Path {
  const { d1, d2, ncp, rise, onePlusRise, slope } = point;
  const shift = 0.5 * ncp * onePlusRise;
  const denominator = slope === 0 ? 0 : 0.5 * d2 * slope * slope;
  // Distances from the saddle point are counted towards the tail's own branch point.
  const sign = side === 'upper' ? 1 : -1;
  let low = Math.max(0, -sign * rise);
  let high = side === 'upper' ? 1 : 1 / slope;
  const curvature = 0.5 * d1 + 2 * shift + denominator;
  let t = 2 / curvature / (sign * rise + Math.sqrt(rise * rise + 4 / curvature));
  for (;;) {
    if (!(t > low && t < high)) t = high === Infinity ? 2 * low + 1 : 0.5 * (low + high);
    const [w, u, q] = [sign * t, 1 - sign * t, 1 + slope * sign * t];
    const fromPole = t + sign * rise;
    const smooth = (0.5 * d1 * w) / u + (shift * w * (2 - w)) / (u * u) + (denominator * w) / q;
    const first = sign * smooth - 1 / fromPole;
    const bell = (0.5 * d1) / (u * u) + (2 * shift) / (u * u * u) + denominator / (q * q);
    const second = bell + 1 / (fromPole * fromPole);
    if (first > 0) high = t;
    else low = t;
    const move = first / second;
    if (!(move * move * second > 1e-3) || high - low <= 1e-6 * high) {
      const third = d1 / u ** 3 + (6 * shift) / u ** 4 - (2 * slope * denominator) / q ** 3;
      const width = Math.min(1 / Math.sqrt(second), u, slope === 0 ? Infinity : q / slope);
      // The path of steepest descent starts with third / (6 bell) times the square; a little more pays further out.
      const bend = (0.47 * width * third) / bell;
      return { at: w, width, bend: Math.max(-0.7, Math.min(0.7, bend)) };
    }
    t -= move;
  }
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Logarithm of the integrand without its pole, less that at the saddle point w = 0, at w = x + iy. */
function exponent({ d1, d2, ncp, onePlusRise, slope }: SaddlePoint, x: number, y: number): Complex {
  // The terms linear in w add up to nothing: left out where they would grow, taken off one by one where all is small.
  const far = slope > 0 && Math.max(1, slope) * Math.max(Math.abs(x), Math.abs(y)) > 1;
  const numerator = far ? logOnePlus(-x, -y) : logRest(-x, -y);
  let re = -0.5 * d1 * numerator.re;
  let im = -0.5 * d1 * numerator.im;
  if (ncp > 0) {
    // w / (1 - w) if far, else w² / (1 - w)
    const [u, sx, sy] = far ? [1 - x, x, y] : [1 - x, x * x - y * y, 2 * x * y];
    const scale = (0.5 * ncp * onePlusRise) / (u * u + y * y);
    re += scale * (sx * u - sy * y);
    im += scale * (sy * u + sx * y);
  }
  if (slope > 0) {
    const denominator = far ? logOnePlus(slope * x, slope * y) : logRest(slope * x, slope * y);
    re -= 0.5 * d2 * denominator.re;
    im -= 0.5 * d2 * denominator.im;
  }
  return { re, im };
}

/** log(1 + z) of z = x + iy. */
function logOnePlus(x: number, y: number): Complex {
  return { re: 0.5 * Math.log1p(2 * x + x * x + y * y), im: Math.atan2(y, 1 + x) };
}

/** log(1 + z) - z of z = x + iy. */
function logRest(x: number, y: number): Complex {
  const size = x * x + y * y;
  if (size > 1e-6) {
    const { re, im } = logOnePlus(x, y);
    return { re: re - x, im: im - y };
  }
  // -z²/2 + z³/3 - z⁴/4 + ... by Horner's rule
  let [re, im] = [0, 0];
  for (let k = 7; k >= 2; k -= 1) {
    const coefficient = (k % 2 === 0 ? -1 : 1) / k;
    [re, im] = [(re + coefficient) * x - im * y, (re + coefficient) * y + im * x];
  }
  return { re: re * x - im * y, im: re * y + im * x };
}
