/** One thing that can be recommended, as a snapshot of the catalogue holds it. Absent: not known. */
export interface Item {
  readonly id: string;
  readonly title?: string;
  readonly category?: string;
  /** Minor units of `currency`. */
  readonly price?: number;
  readonly currency?: string;
  /** 1 is the lowest. */
  readonly priceTier?: number;
  /** Pieces; absent: not counted, always there. */
  readonly stock?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The catalogue at one moment; never changes, and is known by the hash of its items. */
export interface CatalogueSnapshot {
  readonly hash: string;
  /** In the order of their ids. */
  readonly items: readonly Item[];
}
