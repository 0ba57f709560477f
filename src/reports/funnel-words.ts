import type { Refusal } from '../statistics/result.js';
import { listText } from './format.js';
import type { EdgeKind } from './funnel.js';
import type { ReportTest } from './report-figures.js';

interface EdgeFacts {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly uneven: boolean;
  /** The share that every arm kept, as `A 98.2%`. */
  readonly kept: readonly string[];
  readonly pText: string | undefined;
  readonly test: ReportTest | Refusal;
  /** Nobody got lost. */
  readonly lossless: boolean;
}

/** What an edge of the funnel tells. Only before the message can have an effect is a difference a fault. */
export function edgeWords(facts: EdgeFacts): { readonly title: string; readonly text: string } {
  const { from, to, kind, uneven, kept, pText, test, lossless } = facts;
  const shares = listText(kept);
  if (lossless) return { title: 'Alike', text: `From ${from} to ${to} no arm lost anybody.` };
  if ('refused' in test)
    return { title: 'Not tested', text: `From ${from} to ${to}: not tested. ${test.reason}` };
  const figures = `${shares}; ${pText ?? ''}`;
  if (!uneven)
    return {
      title: 'Alike',
      text: `From ${from} to ${to} the arms do not differ by more than chance: ${figures}.`,
    };
  if (from === 'planned')
    return {
      title: 'Split not as planned',
      text: `The recipients did not fall into the arms as planned: ${figures}. No comparison between the arms can be trusted.`,
    };
  const title = `Recipients got lost unevenly on the way from ${from} to ${to}`;
  return { title, text: `${sentenceOf(facts)}: ${figures}. ${meaningOf(kind, from, to)}` };
}

function sentenceOf({ kind, from, to }: EdgeFacts): string {
  if (to === 'addressed')
    return 'The arms differ in the share of recipients to whom something was to be sent';
  if (kind !== 'outcome') return `Recipients got lost on the way from ${from} to ${to} unevenly`;
  return `The arms differ in the share of ${from} recipients who ${to}`;
}

function meaningOf(kind: EdgeKind, from: string, to: string): string {
  if (to === 'addressed') {
    return (
      'Strategies chose to send nothing to the others: that is a part of what their arm stands for, and no fault. ' +
      'Comparisons over everybody assigned contain it; rates over those who were sent something compare different people.'
    );
  }
  switch (kind) {
    case 'fault':
      return (
        `Nobody had seen a message yet, so this is a fault of the sending and no effect. Those who were ${from} are still ` +
        `alike, but not all of them got what their arm stands for, and those who were ${to} are not alike. Find the fault ` +
        'before you decide.'
      );
    case 'delivery':
      return (
        'Mail servers may take one content for spam and not the other, or the arms went out by different ways: find out. ' +
        `Comparisons over everybody assigned remain valid and contain the loss; rates over ${to} recipients compare ` +
        'different people.'
      );
    case 'outcome':
      return (
        'That may well be an effect of the arms, and is no fault. Comparisons over everybody assigned remain valid; rates ' +
        `over ${to} recipients compare different people.`
      );
  }
}
