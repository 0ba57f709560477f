/** Why a choice is not delivered that leaves a slot blank. */
export function blankSlot(slot: string): string {
  return `slot ${slot} was left out or blank`;
}

/** Whether this reason of a fallback, of a choice or of rendering, is a blank that was caught. */
export function isOfBlank(reason: string): boolean {
  return /^slot .+ was left out or blank$|^the (subject|html|text) is blank$|^[\w.]+ is missing$/.test(
    reason,
  );
}
