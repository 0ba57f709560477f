import type { SlotValues } from '../../../experiments/experiment.js';

/** A mail whose template expects a slot that one of them leaves out would be sent with a hole. */
export function unlikeSlots(
  all: readonly SlotValues[],
): { readonly index: number; readonly message: string }[] {
  const names = new Set(all.flatMap((slots) => Object.keys(slots)));
  return all.flatMap((slots, index) => {
    const missing = [...names].filter((name) => !Object.hasOwn(slots, name));
    if (missing.length === 0) return [];
    return [{ index, message: `leaves out ${missing.join(', ')}, which another one sets: set it here too` }];
  });
}

/** Every slot that is set by any. */
export function slotNamesOf(all: readonly SlotValues[]): string[] {
  return [...new Set(all.flatMap((slots) => Object.keys(slots)))];
}
