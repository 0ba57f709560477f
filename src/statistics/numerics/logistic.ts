/** 1 / (1 + e^-x), accurate in both tails: the rate whose log odds are x. */
export function logistic(x: number): number {
  return x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** log(1 / (1 + e^-x)), accurate in both tails. */
export function logLogistic(x: number): number {
  return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}
