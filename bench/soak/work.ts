import { experimentKey, inSecondWave, recipientRows, type RecipientRow, waves } from './campaign.js';
import { type Chance, pieces, shuffled } from './chance.js';
import type { SoakEvent } from './events.js';

/** One call to the service: events, or recipients to be assigned. */
export type Work =
  | {
      readonly kind: 'events';
      readonly path: string;
      readonly body: object;
      readonly rows: readonly SoakEvent[];
    }
  | {
      readonly kind: 'assign';
      readonly path: string;
      readonly body: object;
      readonly rows: readonly RecipientRow[];
    };

export function eventWork(rows: readonly SoakEvent[]): Work {
  return { kind: 'events', path: '/v1/events', body: { events: rows }, rows };
}

export function assignWork(rows: readonly RecipientRow[], wave: string): Work {
  const path = `/v1/experiments/${experimentKey}/assignments`;
  return {
    kind: 'assign',
    path: wave === '' ? path : `${path}?wave=${wave}`,
    body: { recipients: rows },
    rows,
  };
}

const mostAssigned = 50;

/** Both waves of a campaign in pieces, in any order. */
function assignments(next: Chance, recipients: number): Work[] {
  const all = shuffled(
    next,
    recipientRows(recipients).map((row, i) => ({ row, i })),
  );
  const first = pieces(next, all, mostAssigned).map((part) =>
    assignWork(
      part.map(({ row }) => row),
      waves[0],
    ),
  );
  const second = pieces(
    next,
    all.filter(({ i }) => inSecondWave(i)),
    mostAssigned,
  ).map((part) =>
    assignWork(
      part.map(({ row }) => row),
      waves[1],
    ),
  );
  return [...first, ...second];
}

/** Calls that send all events, and those that assign all recipients; events in pieces of any size up to `most`. */
export function allWork(
  next: Chance,
  events: readonly SoakEvent[],
  most: number,
  recipients: number,
): Work[] {
  return [...pieces(next, events, most).map(eventWork), ...assignments(next, recipients)];
}

/** Does calls several at a time, in order, until all are done or `goOn` says no. */
export async function inParallel(
  works: readonly Work[],
  lanes: number,
  goOn: () => boolean,
  call: (work: Work) => Promise<void>,
): Promise<void> {
  let at = 0;
  const lane = async (): Promise<void> => {
    for (let work = works[at]; work && goOn(); work = works[at]) {
      at += 1;
      await call(work);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
