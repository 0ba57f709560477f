/** The few distributions of jstat that the demo world draws from and that tests ask for a second opinion. */
declare module 'jstat' {
  interface Jstat {
    readonly normal: { cdf(x: number, mean: number, sd: number): number };
    readonly studentt: { cdf(x: number, df: number): number };
    readonly chisquare: { cdf(x: number, df: number): number };
    readonly centralF: { cdf(x: number, df1: number, df2: number): number };
    readonly lognormal: { inv(p: number, mu: number, sigma: number): number };
    readonly exponential: { inv(p: number, rate: number): number };
  }
  const jstat: { readonly jStat: Jstat };
  export default jstat;
}
