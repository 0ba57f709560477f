/** The few distributions of jstat that the demo world draws from. */
declare module 'jstat' {
  interface Jstat {
    readonly lognormal: { inv(p: number, mu: number, sigma: number): number };
    readonly exponential: { inv(p: number, rate: number): number };
  }
  const jstat: { readonly jStat: Jstat };
  export default jstat;
}
