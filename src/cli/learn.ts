import { badInput } from '../errors.js';
import { findModel } from '../flows/find-models.js';
import { learnNow } from '../flows/run-learning.js';
import { printable } from '../reports/text-table.js';
import type { CommandIo } from './command.js';
import { goodnessAsText } from './measure-text.js';
import { wipeCount, withService } from './with-service.js';

/** How a learning is asked for, whichever command does. */
export const learningOptions = {
  clock: { type: 'string' },
  seed: { type: 'string' },
  catalogue: { type: 'string' },
} as const;

export interface LearningAsked {
  readonly clock?: string;
  readonly seed?: string;
  readonly catalogue?: string;
}

/** The options as they were given. @throws bad_input `invalid_clock`. */
export function learningOf({
  clock,
  seed,
  catalogue,
}: {
  readonly clock?: string | undefined;
  readonly seed?: string | undefined;
  readonly catalogue?: string | undefined;
}): LearningAsked {
  return {
    ...(clock !== undefined && { clock: timeOf(clock) }),
    ...(seed !== undefined && { seed }),
    ...(catalogue !== undefined && { catalogue }),
  };
}

/** On a terminal one line that says what is being done. */
export function tellStep({ stderr }: CommandIo, name: string): (step: string, share: number) => void {
  return (step, share) => {
    if (stderr.isTTY !== true) return;
    const done = share > 0 ? ` ${Math.floor(100 * share)} %` : '';
    stderr.write(`\r\x1b[2K${printable(name)}: ${printable(step)}${done}`);
  };
}

/** Lets a strategy learn, and says what came of it and how good that is. */
export async function learn(io: CommandIo, name: string, given: LearningAsked): Promise<void> {
  const tell = tellStep(io, name);
  const { learned, report } = await withService(io, async (ctx) => {
    const learned = await learnNow(ctx, name, { ...given, by: 'command line' }, { tell, signal: io.signal });
    return { learned, report: (await findModel(ctx, learned.name, learned.number)).report };
  });
  wipeCount(io);
  const { judgement, source } = learned;
  const { recipients, events, sampled } = source;
  if (sampled)
    io.stderr.write(
      'There were more events than memory holds: it learned from some recipients, drawn by chance.\n',
    );
  io.stdout.write(
    `${learned.of} learned from ${events} events of ${recipients} recipients before ${learned.clock}\nmodel ${learned.name}/${learned.number}, ${learned.hash}\n${report ? goodnessAsText(report) : ''}${judgement.status}: ${judgement.why}\n`,
  );
}

/** @throws bad_input `invalid_clock`. */
export function timeOf(text: string): string {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw badInput('invalid_clock', `--clock is a time such as 2026-03-01T09:00:00Z, not "${text}".`);
  }
  return time.toISOString();
}
