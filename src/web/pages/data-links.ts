export interface DataLink {
  readonly href: string;
  readonly title: string;
  /** What is found there, as a sentence. */
  readonly text: string;
}

/** What the page "Data" leads to. */
export const dataLinks: readonly DataLink[] = [
  {
    href: '/v1/freshness',
    title: 'Freshness as JSON',
    text: 'The figures of this page for a monitor, with a flag for every source that is silent for too long.',
  },
];
