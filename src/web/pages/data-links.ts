export interface DataLink {
  readonly href: string;
  readonly title: string;
  /** What is found there, as a sentence. */
  readonly text: string;
}

/** What the page "Data" leads to. */
export const dataLinks: readonly DataLink[] = [
  {
    href: '/profiles',
    title: 'Profiles',
    text: 'What is known about one recipient, trait by trait, with source and time.',
  },
  {
    href: '/catalogue',
    title: 'Catalogue',
    text: 'Snapshots that strategies choose from, and what strategies have learned.',
  },
  {
    href: '/scorers',
    title: 'Scorers',
    text: 'Models from elsewhere that strategies ask, where they come from, and whether they answer.',
  },
  {
    href: '/quality',
    title: 'Data quality',
    text: 'How complete profiles are, what was refused, and what contradicts itself.',
  },
  {
    href: '/quarantine',
    title: 'Quarantine',
    text: 'Rows that were refused, as they came, with the reason.',
  },
  {
    href: '/v1/freshness',
    title: 'Freshness as JSON',
    text: 'The figures of this page for a monitor, with a flag for every source that is silent for too long.',
  },
];
