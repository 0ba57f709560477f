declare module 'ml-cart' {
  /** As far as it is used here. */
  interface TreeJson {
    readonly splitColumn?: number;
    readonly splitValue?: number;
    readonly left?: TreeJson;
    readonly right?: TreeJson;
    readonly distribution?: readonly (readonly number[])[];
  }
  export class DecisionTreeClassifier {
    constructor(options: { gainFunction: 'gini'; maxDepth: number; minNumSamples: number });
    train(trainingSet: number[][], trainingLabels: number[]): void;
    toJSON(): { readonly root: TreeJson };
  }
}
