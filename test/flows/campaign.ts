import { exampleDraft } from '../../src/experiments/example-draft.js';
import { changeStatus } from '../../src/flows/change-status.js';
import type { Context } from '../../src/flows/context.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { type AssignedAnswer, assignRecipients } from '../../src/flows/assign-recipients.js';

/** The example experiment, running; `change` replaces fields of its draft. */
export async function startExample(ctx: Context, change: object = {}): Promise<string> {
  const { key } = await createExperiment(ctx, { ...exampleDraft, salt: 'test-salt', ...change });
  await changeStatus(ctx, key, 'start');
  return key;
}

export function recipients(
  count: number,
  from = 0,
): { id: string; traits: { country: string; orders: number } }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `person-${from + i}@example.org`,
    traits: { country: ['DE', 'SE', 'FR'][i % 3] ?? 'DE', orders: i % 5 },
  }));
}

export async function enrol(ctx: Context, key: string, count: number): Promise<AssignedAnswer[]> {
  const answers = await assignRecipients(ctx, key, recipients(count));
  return answers.filter((answer): answer is AssignedAnswer => 'arm' in answer);
}
